package scenario

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"forklings/checker/explore"
	"forklings/checker/result"
	"forklings/checker/script"
)

// search plays an explored scenario in one order after the other, until one breaks it.
type search struct {
	Play
	script script.Script
	blank  result.Scenario // the verdict that nothing is known of so far
	plays  int

	best   *attempt // that broke it, with the fewest preemptions
	number int      // of the orders tried
}

// attempt is one play in one order.
type attempt struct {
	explore.Player
	verdict result.Scenario
	stage   *stage
}

func (p Play) search(ctx context.Context, parsed script.Script, v *result.Scenario) {
	defer removeAll(p.Dir)
	p.Trace = true
	s := &search{Play: p, script: parsed, blank: *v}
	if p.Order != "" {
		*v = s.replay(ctx)
	} else {
		*v = s.run(ctx)
	}
}

func (s *search) run(ctx context.Context) result.Scenario {
	orders := explore.NewSearch()
	for {
		var wave []*attempt
		var all sync.WaitGroup
		for range runtime.NumCPU() {
			if len(wave) > 0 && orders.Waiting() {
				break // what is under way may lead to more
			}
			plan, ok := orders.Next()
			if !ok {
				break
			}
			a := &attempt{Player: explore.Player{Plan: plan}, verdict: s.blank}
			wave = append(wave, a)
			s.start(ctx, a, &all)
		}
		if len(wave) == 0 {
			break
		}
		all.Wait()
		for i, a := range wave {
			if a.Void {
				continue
			}
			if a.verdict.Status == result.Skip || a.verdict.Status == result.Error {
				return a.verdict
			}
			broke := a.verdict.Status != result.Pass
			if broke && (s.best == nil || explore.Preemptions(a.Run) < explore.Preemptions(s.best.Run)) {
				s.best, s.number = a, s.plays-len(wave)+i+1
			}
			orders.Victims = a.stage.victims
			orders.Ran(&a.Player, broke)
		}
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
func (s *search) start(ctx context.Context, a *attempt, all *sync.WaitGroup) {
	s.plays++
	p := s.Play
	p.Dir = filepath.Join(s.Dir, fmt.Sprint(s.plays))
	all.Go(func() {
		if err := os.Mkdir(p.Dir, 0o700); err != nil {
			a.verdict.Because = s.Lang.Error(err)
			return
		}
		a.stage = p.once(ctx, s.script, &a.Player, &a.verdict)
	})
}

// confirm plays the order that broke the scenario once more. If the processes do not do the same again, there is no
// verdict: what is shown could not be shown again.
func (s *search) confirm(ctx context.Context) result.Scenario {
	v := s.best.verdict
	v.Orders = s.plays
	if len(s.best.Run) == 0 {
		return v // broken before anybody took a turn
	}
	again := &attempt{Player: explore.Player{Plan: explore.Replay(s.best.Run)}, verdict: s.blank}
	var all sync.WaitGroup
	s.start(ctx, again, &all)
	all.Wait()
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

// replay plays one order.
func (s *search) replay(ctx context.Context) result.Scenario {
	v := s.blank
	plan, err := explore.Parse(s.Order)
	if err != nil {
		v.Because = s.Lang.Error(err)
		return v
	}
	a := &attempt{Player: explore.Player{Plan: plan}, verdict: v}
	var all sync.WaitGroup
	s.start(ctx, a, &all)
	all.Wait()
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
