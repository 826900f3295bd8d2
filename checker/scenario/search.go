package scenario

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"forklings/checker/explore"
	"forklings/checker/result"
	"forklings/checker/sandbox"
	"forklings/checker/script"
)

// search plays an explored scenario in one order after the other, until one breaks it.
type search struct {
	Play
	script script.Script
	blank  result.Scenario // the verdict that nothing is known of so far
	apart  bool            // plays may go on side by side, and find their folders at the same path
	plays  int
	strays int // plays in which the processes did something else than the order expects

	best   *attempt // that broke it, with the fewest preemptions
	number int      // of the orders tried
}

// attempt is one play in one order.
type attempt struct {
	explore.Player
	verdict result.Scenario
	stage   *stage
	over    chan bool // closed at its end
}

func (p Play) search(ctx context.Context, parsed script.Script, v *result.Scenario) {
	defer removeAll(p.Dir)
	p.Trace = true
	s := &search{Play: p, script: parsed, blank: *v, apart: sandbox.Apart(p.Sandbox)}
	s.At = filepath.Join(p.Dir, "play")
	if err := os.Mkdir(s.At, 0o700); err != nil {
		v.Because = s.Lang.Error(err)
		return
	}
	if p.Order != "" {
		*v = s.replay(ctx)
	} else {
		*v = s.run(ctx)
	}
	v.Strays = s.strays
}

// run plays some orders side by side, and takes what they were in the order in which they began: so every search on a machine with
// so many CPUs tries the same. What a program does may hang on where its folder is, by a name that it makes of the path: it is at the same
// path in all plays. Where that cannot be had for several at once, one is played at a time.
func (s *search) run(ctx context.Context) result.Scenario {
	orders := explore.NewSearch()
	var under []*attempt // the eldest first
	beside := 0
	if s.apart {
		beside = runtime.NumCPU()
	}
	defer func() {
		for _, a := range under {
			<-a.over
		}
	}()
	for taken := 1; ; taken++ {
		leads := func(a *attempt) bool { return a.Leads() }
		for len(under) <= beside && !(orders.Waiting() && slices.ContainsFunc(under, leads)) {
			plan, ok := orders.Next()
			if !ok {
				break
			}
			under = append(under, s.start(ctx, plan))
		}
		if len(under) == 0 {
			break
		}
		a := under[0]
		under = under[1:]
		<-a.over
		if a.Void {
			continue
		}
		if a.Strayed {
			if s.strays++; orders.Strayed(a.Plan) {
				continue
			}
		}
		if a.verdict.Status == result.Skip || a.verdict.Status == result.Error {
			return a.verdict
		}
		broke := a.verdict.Status != result.Pass
		if broke && (s.best == nil || explore.Preemptions(a.Run) < explore.Preemptions(s.best.Run)) {
			s.best, s.number = a, taken
		}
		if t := a.stage.turns; t != nil { // nil: it ended before anybody took a turn
			orders.Victims, orders.Blind = a.stage.victims, t.blind
		}
		orders.Ran(&a.Player, broke)
	}
	if s.best != nil {
		return s.confirm(ctx)
	}
	v := s.blank
	v.Status, v.Because = result.Pass, ""
	whole := false
	v.Orders, whole = orders.Tried()
	v.Cut = !whole
	return v
}

// start plays in an order, beside others.
func (s *search) start(ctx context.Context, plan explore.Plan) *attempt {
	a := &attempt{Player: explore.Player{Plan: plan}, verdict: s.blank, over: make(chan bool)}
	s.plays++
	p := s.Play
	if s.apart {
		p.Dir = filepath.Join(s.Dir, fmt.Sprint(s.plays))
	} else {
		p.Dir, p.At = s.At, ""
	}
	go func() {
		defer close(a.over)
		defer contain(&a.verdict, s.Lang)
		if err := os.MkdirAll(p.Dir, 0o700); err != nil {
			a.verdict.Because = s.Lang.Error(err)
			return
		}
		a.stage = p.once(ctx, s.script, &a.Player, &a.verdict)
	}()
	return a
}

// confirm plays the order that broke the scenario once more. If the processes do not come to the same again, there is no
// verdict: what is shown could not be shown again.
func (s *search) confirm(ctx context.Context) result.Scenario {
	v := s.best.verdict
	v.Orders = s.plays
	if len(s.best.Run) == 0 {
		return v // broken before anybody took a turn
	}
	again := s.repeat(ctx, explore.Replay(s.best.Run), func(a *attempt) bool { return !a.Strayed })
	if again.verdict.Status == v.Status && again.verdict.Mistake == v.Mistake {
		v.Order = explore.Order(s.best.Run)
		v.Because = s.because(v.Because)
		return v
	}
	why := again.verdict.Because
	if again.verdict.Status != result.Error {
		why = s.Lang.Sprintf("first %s %s, then %s %s", v.Status, v.Mistake, again.verdict.Status, again.verdict.Mistake)
	}
	v = s.blank
	v.Because = s.Lang.Sprintf("one order broke it, and did not do so when it was played again: %s", why)
	return v
}

// repeats is how often an order is played that is known: what the processes do in it may be open, such as the order of a map.
const repeats = 16

// repeat plays an order until the processes do what they did before.
func (s *search) repeat(ctx context.Context, plan explore.Plan, same func(*attempt) bool) (a *attempt) {
	for range repeats {
		a = s.start(ctx, plan)
		if <-a.over; same(a) || a.verdict.Status == result.Skip || ctx.Err() != nil {
			break
		}
		s.strays++
	}
	return a
}

// replay plays one order.
func (s *search) replay(ctx context.Context) result.Scenario {
	v := s.blank
	plan, err := explore.Parse(s.Order)
	if err != nil {
		v.Because = s.Lang.Error(err)
		return v
	}
	a := s.repeat(ctx, plan, func(a *attempt) bool { return explore.Same(a.Run, s.Order) })
	if v = a.verdict; v.Status != result.Skip && v.Status != result.Error && !explore.Same(a.Run, s.Order) {
		v = s.blank
		v.Because = s.Lang.Text("the processes did something else in this order: it was found with another attempt")
	}
	return v
}

// because says which order broke it, and what it broke.
func (s *search) because(what string) string {
	if what == "" {
		return s.told()
	}
	return s.told() + s.Lang.Text("; ") + what
}

// told says which order broke it, in the words of the timeline.
func (s *search) told() string {
	var at []string
	name := s.best.stage.turns.name
	for _, step := range s.best.Run {
		switch {
		case step.Kill:
			at = append(at, s.Lang.Sprintf("%s is killed before it %s", name(step.Who), step.Op.Said))
		case step.Preempts():
			at = append(at, s.Lang.Sprintf("%s has its turn before %s %s", name(step.Who), name(step.Current), step.Would.Said))
		}
	}
	if len(at) == 0 {
		at = []string{s.Lang.Text("each goes on as long as it can")}
	}
	return s.Lang.Sprintf("in order %d of those tried: %s", s.number, strings.Join(at, s.Lang.Text(", and ")))
}
