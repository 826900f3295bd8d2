package scenario

import (
	"os"
	"path/filepath"
	"time"

	"forklings/checker/proc"
	"forklings/checker/result"
)

// Limits of what the subject of a line may do before it counts as polling. Right attempts stay at some
// milliseconds of CPU and a nap or two; other processes may do more beside it.
const (
	cpuLimit  = 500 * time.Millisecond
	napLimit  = 20                    // naps with a timer seen, with work between them
	longNaps  = 3                     // so many naps are enough
	napLength = 3 * time.Second       // when those before the last were so long together
	beside    = 4                     // times as much for others than the subject
	retold    = 4                     // times as much where a play is told by the tracer, at which its calls stop
	ownNap    = 10 * time.Millisecond // the Go runtime's longest
	prompt    = time.Second           // a line that takes no longer needs no deadline
)

// effort counts what processes have done since a line began to wait.
type effort struct {
	stage  *stage
	began  time.Time
	looks  int                   // that saw somebody move
	cpu    map[int]time.Duration // by process: at the beginning
	naps   map[int]int           // by process
	length map[int]time.Duration // of the naps that are over: one may be cut short, and by no timer
	last   map[int]nap
	slept  map[int]uint64        // by thread: its context switches when it was last seen napping
	waited map[int]time.Duration // for a CPU, by process: at the beginning
	since  map[int]time.Duration // the same of each that is still there, since then
	past   time.Duration         // and of those that have ended together: one after the other, as a rule
	slow   float64               // how much more CPU a machine takes that is so slow
	most   result.Effort
	found  string // who exceeded what
}

// nap is when one was seen first, how long it would be at most, and how long its process had been kept waiting for a CPU by then.
type nap struct {
	began  time.Time
	most   time.Duration
	waited time.Duration
}

func newEffort(s *stage) *effort {
	return &effort{
		stage: s, began: time.Now(), slow: 1, cpu: map[int]time.Duration{}, naps: map[int]int{}, length: map[int]time.Duration{},
		last: map[int]nap{}, slept: map[int]uint64{}, waited: map[int]time.Duration{}, since: map[int]time.Duration{},
	}
}

// exceeds adds a look, and reports whether somebody has done more than a right attempt ever does.
func (e *effort) exceeds(l proc.Look, subject *process, busy map[int]bool) bool {
	e.looks++
	if time.Since(e.began) > prompt {
		e.starves(l)
	}
	inner := e.stage.box.Inner()
	napped := map[int]bool{} // of a timer that wakes a process, every thread of it is a sleeper
	for _, t := range l.Tasks {
		if t.Doing == proc.Timed && !t.Sysmon && t.PID != inner && !busy[t.PID] && e.slept[t.TID] != t.Switches {
			e.slept[t.TID] = t.Switches
			if !napped[t.PID] {
				napped[t.PID] = true
				e.naps[t.PID]++
				waited, _ := e.stage.proc.Waited(t.PID)
				if last, ok := e.last[t.PID]; ok { // whoever waits for a CPU since has slept no longer
					e.length[t.PID] += max(0, min(last.most, time.Since(last.began)-max(0, waited-last.waited)))
				}
				e.last[t.PID] = nap{time.Now(), t.Nap, waited}
			}
			if p := e.stage.byPID[t.PID]; p != nil && t.Nap > ownNap {
				p.napped = true
			}
		}
	}
	for pid, st := range l.Processes {
		if pid == inner || busy[pid] {
			continue
		}
		if _, seen := e.cpu[pid]; !seen {
			e.cpu[pid] = st.CPU
			e.waited[pid], _ = e.stage.proc.Waited(pid)
		}
		cpu, naps := st.CPU-e.cpu[pid], e.naps[pid]
		e.most.CPU, e.most.Naps = max(e.most.CPU, cpu.Seconds()), max(e.most.Naps, naps)
		times := 1
		if subject != nil && subject.pid != pid {
			times = beside
		}
		if e.works(cpu, times) || naps > times*napLimit ||
			naps >= times*longNaps && e.length[pid] >= time.Duration(times)*napLength {
			e.found = e.stage.busyness(pid, cpu, naps)
			e.stage.active, e.stage.activity = pid, e.stage.keeps(cpu, naps)
			return true
		}
	}
	return false
}

// works reports whether so much CPU is more than so many times the limit, for a machine that is as slow as this one.
func (e *effort) works(cpu time.Duration, times int) bool {
	if e.stage.Trace {
		times *= retold
	}
	for cpu.Seconds() > float64(times)*cpuLimit.Seconds()*e.slow {
		now := slowness()
		if now <= e.slow {
			return true
		}
		e.slow = now
	}
	return false
}

// overdue reports whether the last-resort deadline has come: in time that the processes were not kept waiting for a CPU,
// and in looks, as we may have been kept waiting too.
func (e *effort) overdue() bool {
	d := time.Since(e.began)
	return d > deadline && (d > hardLimit || e.looks > fewestLooks && d-e.starved() > deadline)
}

// busyness says what a process did instead of sleeping until it was woken.
func (s *stage) busyness(pid int, cpu time.Duration, naps int) string {
	p := s.byPID[pid]
	if p == nil {
		p = &process{name: s.Lang.Text("a process without a name")}
	}
	said := s.Lang.Sprintf("%s woke up at least %d times by a timer to look", p.name, naps)
	if cpu > cpuLimit {
		said = s.Lang.Sprintf("%s used %v of CPU meanwhile", p.name, cpu.Round(10*time.Millisecond))
	}
	if len(p.sequence) == 0 {
		said = s.Lang.Sprintf("%s, and came to no point so far", said)
	}
	return said
}

// keeps says what a process does again and again, for the end of its column.
func (s *stage) keeps(cpu time.Duration, naps int) string {
	if cpu > cpuLimit {
		return s.Lang.Sprintf("keeps working: %v of CPU so far", cpu.Round(10*time.Millisecond))
	}
	return s.Lang.Sprintf("wakes up by a timer, again and again: at least %d times so far", naps)
}

// starves notes how long each process was kept waiting for a CPU since the line began to wait.
func (e *effort) starves(l proc.Look) {
	if l.Partial {
		return
	}
	for pid, long := range e.since {
		if _, alive := l.Processes[pid]; !alive {
			e.past += long
			delete(e.since, pid)
		}
	}
	for pid := range l.Processes {
		if now, ok := e.stage.proc.Waited(pid); ok {
			if _, seen := e.waited[pid]; !seen {
				e.waited[pid] = now
			}
			e.since[pid] = now - e.waited[pid]
		}
	}
}

// starved is how long the processes were kept waiting for a CPU: the longest of those that are there, after all that have ended.
func (e *effort) starved() (longest time.Duration) {
	for _, long := range e.since {
		longest = max(longest, long)
	}
	return e.past + longest
}

// floods reports whether a started process has written more than anybody reads.
func (s *stage) floods() bool {
	for _, p := range s.cast {
		for _, stream := range streams {
			if info, err := os.Lstat(filepath.Join(s.seen, outputFile(p.name, stream))); p.started && err == nil && info.Size() > floodLimit {
				return true
			}
		}
	}
	return false
}
