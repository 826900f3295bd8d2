package scenario

import (
	"cmp"
	"fmt"
	"os"
	"time"

	"forklings/checker/lang"
	"forklings/checker/proc"
	"forklings/checker/script"
)

// Pauses and limits of a wait. The limits count what processes do, not the time that passes, so that a busy
// machine changes no verdict; only the deadline is time, and it is a verdict of its own.
const (
	firstPause  = time.Millisecond
	longestStep = 16 * time.Millisecond
	settling    = 10 * time.Millisecond // so long one is left alone while it announces things
	fewestLooks = 400                   // before the deadline counts: a machine that is slow to look needs longer
	stillFor    = 60 * time.Millisecond // before "nothing can move" decides against somebody
	reapTime    = time.Second           // the same, beside a zombie that somebody may be about to reap
	deadline    = 10 * time.Second      // of time in which the processes were not kept waiting for a CPU
	hardLimit   = 60 * time.Second
	floodLimit  = 16 << 20 // bytes of output of one process
)

// traces: every look is told, with who moves.
var traces = os.Getenv("FORKLINGS_DEBUG") != ""

// why a wait ended without its fact.
type why struct{ lang.Words }

var (
	stuck     = why{lang.Mark("nothing can move any more")}
	over      = why{lang.Mark("the process has ended")}
	allOver   = why{lang.Mark("every process has ended")}
	busyWork  = why{lang.Mark("it keeps working, or waking up, and does not get there")}
	timeout   = why{lang.Mark("undecided after 10 s")}
	lost      = why{lang.Mark("the scenario's supervisor is gone")}
	scarce    = why{lang.Mark("this machine, or this container, had no memory left, and Linux ended a process of the scenario")}
	immediate = why{}
	flood     = why{lang.Mark("more than 16 MiB of output: everything was stopped")}
	cancelled = why{lang.Mark("interrupted")}
)

// decide ends the scenario unless one of the line's facts comes to hold. With rest, they are read when nothing
// can move, and that reading counts.
func (s *stage) decide(l script.Line, rest bool) error {
	w, ok := s.await(l, rest)
	switch {
	case !ok:
	case s.floods(): // and was quick about it
		w, ok = flood, false
	case s.overfull(0):
		w, ok = disk, false
	}
	if !ok {
		return s.fail(l, w)
	}
	s.meets(l)
	return nil
}

// meets notes the points that a line has asked for, and had.
func (s *stage) meets(l script.Line) {
	for _, f := range l.Facts {
		if p := s.byName[l.Name]; p != nil && f.Verb == "at" && !f.Not {
			p.met = append(p.met, f.Args[0])
		}
	}
}

func (s *stage) await(l script.Line, rest bool) (why, bool) {
	began := time.Now()
	s.disked = began
	e := newEffort(s)
	defer func() { s.most.CPU, s.most.Naps = max(s.most.CPU, e.most.CPU), max(s.most.Naps, e.most.Naps) }()
	var stillSince time.Time
	var stillLook proc.Look
	var turns turnsOfBusy
	pause := firstPause
	settles := began.Add(settling)
	for {
		s.pump(0)
		if !rest {
			for _, f := range l.Facts {
				if !f.Lapses() && s.holds(l.Name, f, false) {
					return immediate, true
				}
			}
		}
		if s.ctx.Err() != nil {
			return cancelled, false
		}
		if s.lost != nil {
			return cmp.Or(s.refused(), lost), false // it may have been ended for others
		}
		// Who was just let go on is on its way: a look at once would be for nothing.
		if pause == firstPause && time.Now().Before(settles) && s.pump(firstPause) > 0 {
			continue
		}
		x := s.excuses()
		busy := x.Busy
		look, still := s.proc.Still(x)
		if !look.Partial {
			s.last = look
		}
		if w := s.excess(look); w != immediate {
			return w, false
		}
		if s.pump(0) > 0 {
			if e.overdue() { // who announces things without end is not waited for any longer
				return timeout, false
			}
			stillSince, pause, settles = time.Time{}, firstPause, time.Now().Add(settling)
			continue // it happened before that moment, or the moment is over
		}
		if still {
			reapable := s.reapable(look)
			if !reapable {
				for _, f := range l.Facts {
					if (rest || f.Lapses()) && s.holds(l.Name, f, true) {
						return immediate, true
					}
				}
				if rest {
					return immediate, false
				}
			}
			switch {
			case stillSince.IsZero() || !look.Same(stillLook, busy):
				stillSince, stillLook, turns = time.Now(), look, s.turnsOfBusy(look, busy)
			case turns.outstanding(look):
			case time.Since(stillSince) > reapTime, time.Since(stillSince) > stillFor && !reapable:
				if p := s.byName[l.Name]; p != nil && p.over() {
					return over, false
				}
				if !s.anyAlive() {
					return allOver, false
				}
				return stuck, false
			}
		} else {
			stillSince = time.Time{}
			s.trace(look, began)
			if e.exceeds(look, s.byName[l.Name], busy) {
				s.detail = e.found
				return busyWork, false
			}
			if s.floods() {
				return flood, false
			}
		}
		if e.overdue() {
			return timeout, false
		}
		if s.pump(pause) > 0 {
			pause = firstPause
		} else {
			pause = min(2*pause, longestStep)
		}
	}
}

func (s *stage) trace(look proc.Look, began time.Time) {
	if !traces {
		return
	}
	for _, t := range look.Tasks {
		if t.Doing != proc.Asleep {
			fmt.Fprintf(os.Stderr, "%6v moving: %d/%d %c %s %v sw %d\n", time.Since(began).Microseconds(), t.PID, t.TID, t.State, t.Call, t.Nap, t.Switches)
		}
	}
}

// reapable: somebody waits and there is a zombie, which may be the one: the kernel marks the zombie a moment
// before it wakes the waiter. Whose main thread alone has ended shows the same letter, and is none.
func (s *stage) reapable(l proc.Look) bool {
	type wait struct{ parent, child int }
	waits, goesOn := map[wait]bool{}, map[int]bool{}
	for _, t := range l.Tasks {
		goesOn[t.PID] = goesOn[t.PID] || t.State != 'Z' && t.State != 'X'
		if t.Call == "wait" {
			waits[wait{t.PID, t.Awaits}] = true
		}
	}
	for pid, st := range l.Processes {
		if st.State == 'Z' && !goesOn[pid] && (waits[wait{st.Parent, pid}] || waits[wait{st.Parent, 0}] || waits[wait{st.Parent, -st.Group}] || st.Parent == s.box.Inner()) {
			return true
		}
	}
	return false
}
