package scenario

import (
	"time"

	"forklings/checker/proc"
)

// ownTurn is how long a thread that works must have been on a CPU before it is believed that nothing else will come of it.
// A process must have been there so long for each of its threads: those of a Go program wait for each other, too, for up
// to 10 ms, since only so many may run Go code at once as there are CPUs.
const ownTurn = 20 * time.Millisecond

// turnsOfBusy is how long the threads of the busy processes had been on a CPU when all others were still.
type turnsOfBusy struct {
	proc *proc.FS
	busy map[int]bool
	ran  map[int]time.Duration
}

func (s *stage) turnsOfBusy(l proc.Look, busy map[int]bool) turnsOfBusy {
	t := turnsOfBusy{s.proc, busy, map[int]time.Duration{}}
	for _, task := range l.Tasks {
		if busy[task.PID] {
			t.ran[task.TID], _ = s.proc.Ran(task.PID, task.TID)
		}
	}
	return t
}

// outstanding reports whether a process that works, as it was declared to, has been kept waiting for a CPU since: it may be
// about to do what everybody waits for.
func (t turnsOfBusy) outstanding(l proc.Look) bool {
	moving, ran, due := map[int]bool{}, map[int]time.Duration{}, map[int]time.Duration{}
	for _, task := range l.Tasks {
		if !t.busy[task.PID] {
			continue
		}
		now, ok := t.proc.Ran(task.PID, task.TID)
		if !ok {
			continue
		}
		now -= t.ran[task.TID]
		if task.Doing == proc.Moving {
			if now < ownTurn {
				return true
			}
			moving[task.PID] = true
		}
		ran[task.PID] += now
		due[task.PID] += ownTurn
	}
	for pid := range moving {
		if ran[pid] < due[pid] {
			return true
		}
	}
	return false
}

func (s *stage) busyPIDs() map[int]bool {
	pids := map[int]bool{}
	for name := range s.busy {
		if p := s.byName[name]; p != nil {
			pids[p.pid] = true
		}
	}
	return pids
}
