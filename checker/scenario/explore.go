package scenario

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"forklings/checker/explore"
	"forklings/checker/lang"
	"forklings/checker/script"
	"forklings/checker/supervisor"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

const (
	mostTurns = 1000                 // in one run: more is no progress
	inVain    = 30                   // turns of all that only look: nobody gets anywhere
	patience  = 2 * time.Millisecond // without news, before it is asked who is asleep
)

// explore lets processes take turns, in the order of the play, until all have ended.
func (s *stage) explore(args []string) error {
	e, err := script.ParseExplore(args)
	if err != nil {
		return err
	}
	s.pump(0)
	s.turns = s.newTurns(e)
	if len(s.turns.all) > explore.MaxProcesses {
		return lang.Errorf("%d processes are too many to take turns", len(s.turns.all))
	}
	for _, name := range e.Kills {
		p := s.byName[name]
		if p == nil {
			return lang.Errorf("nobody to kill: %s", s.describe(name))
		}
		s.victims = append(s.victims, slices.IndexFunc(s.turns.all, func(t *turner) bool { return t.pid == p.pid }))
	}
	var gates []trace.Gate
	for _, g := range e.Gates {
		if g != "points" {
			gates = append(gates, trace.Gate(g))
		}
	}
	if err := s.ask(supervisor.Request{Op: "gate", Gates: gates}); err != nil {
		return err
	}
	w, err := s.takeTurns()
	s.turns.over = true
	if err != nil || s.verdict != nil {
		return err
	}
	if w != immediate {
		return s.fail(e.Line, w)
	}
	// Who cannot go on is let go now: in the kernel they wait for each other, and it is said who for whom.
	if err := s.ask(supervisor.Request{Op: "gate"}); err != nil {
		return err
	}
	return s.decide(e.Line, false)
}

// takeTurns goes on until nobody can go on any more. What it returns says why it stopped before.
func (s *stage) takeTurns() (why, error) {
	t := s.turns
	before, asks, vain := -1, false, 0
	for {
		if w := s.settle(); w != immediate {
			return w, nil
		}
		if asks { // in vain: that was no turn
			asks = false
			if p := t.all[s.player.Run[len(s.player.Run)-1].Who]; p.denied != nil && p.heard == t.releases {
				before = s.player.Run[len(s.player.Run)-1].Current
				if s.player.Undo(); s.player.Void {
					return immediate, lang.Errorf("there is no such order")
				}
			}
		}
		who, ops := t.could(before)
		if len(who) == 0 {
			return immediate, nil
		}
		if len(t.all) > explore.MaxProcesses {
			return storm, nil
		}
		if t.all[who[0]].yield >= 0 {
			vain++
		} else {
			vain = 0
		}
		if vain > inVain*len(t.all) || len(s.player.Run) >= mostTurns {
			s.detail = s.Lang.Sprintf("after %d turns nobody gets on any more: they only look whether something has changed", len(s.player.Run))
			return busyWork, nil
		}
		c, err := s.player.Next(who, before, ops)
		if err != nil {
			return immediate, diverged(err)
		}
		s.mark(c, before, who)
		if c.Kill {
			if p := t.all[c.Who]; !p.ended {
				p.dying = true
				if err := s.kill(p.pid); err != nil {
					return immediate, err
				}
			}
		} else if asks, err = t.let(c.Who); err != nil {
			return immediate, err
		}
		before = c.Who
	}
}

// mark records where a process was interrupted although it could have gone on.
func (s *stage) mark(c explore.Choice, before int, could []int) {
	if before < 0 || c.Kill || c.Who == before || !slices.Contains(could, before) {
		return
	}
	s.record(trace.Record{At: trace.Now(), PID: s.turns.all[before].pid, Op: trace.Turn, Target: s.turns.all[c.Who].pid})
}

func (s *stage) kill(pid int) error {
	p := s.byPID[pid]
	if p == nil {
		return lang.Errorf("nobody to kill: the process has no name")
	}
	s.record(trace.Record{At: trace.Now(), PID: pid, Op: trace.Sent, Signal: "SIGKILL"})
	return unix.PidfdSendSignal(p.pidfd, unix.SIGKILL, nil, 0)
}

// settle waits until nobody moves.
func (s *stage) settle() why {
	e := newEffort(s)
	for pause := patience; ; {
		news := s.pump(0)
		switch {
		case s.ctx.Err() != nil:
			return cancelled
		case s.lost != nil:
			return cmp.Or(s.refused(), lost)
		case s.stormed:
			return storm
		case s.turns.settled():
			return immediate
		}
		if news > 0 || s.pump(pause) > 0 {
			pause = patience
			continue
		}
		x := s.excuses()
		look, still := s.proc.Still(x)
		if !look.Partial {
			s.last = look
		}
		if s.pump(0) > 0 {
			continue
		}
		if still {
			s.turns.rest()
			continue
		}
		if e.exceeds(look, nil, x.Busy) {
			s.detail = e.found
			return busyWork
		}
		if s.floods() {
			return flood
		}
		if e.overdue() {
			return timeout
		}
		pause = min(2*pause, longestStep)
	}
}

// allEnded: of all processes but the supervisor, none is alive.
func (s *stage) allEnded() bool {
	for pid, st := range s.proc.Processes() {
		if pid != s.box.Inner() && !strings.ContainsRune("ZX", rune(st.State)) {
			return false
		}
	}
	return true
}

// diverged says that the processes did something else in the same order.
func diverged(err error) error {
	var d *explore.Diverged
	if !errors.As(err, &d) {
		return err
	}
	return lang.Errorf("the same order gave another run: at turn %d, %s; before, it was: %s", d.Step+1, d.Found, d.Expected)
}
