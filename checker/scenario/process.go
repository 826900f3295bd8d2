package scenario

import (
	"math"
	"slices"
	"strings"
	"time"

	"forklings/checker/lang"
	"forklings/checker/proc"
	"forklings/checker/supervisor"

	"golang.org/x/sys/unix"
)

// process is one process that the script can name.
type process struct {
	name    string
	pid     int // as the scenario's processes know it
	pidfd   int
	started bool     // by the script; otherwise by one of the programs
	below   *process // of those that the script has started, if that could be told when it said its name
	as      string   // the role and the arguments of a started process
	proc    *proc.FS

	holds    []hold
	released time.Time // the last time
	since    int       // how many points it had announced by then
	met      []string  // points that lines have asked for since, and had
	sequence []string  // the points announced, in order
	moments  []int     // when: the scenario's announcements are counted
	reached  map[string]bool
	says     map[string]string
	beside   []*process // seen alive at the same moment
	idled    bool       // has slept or napped since it was started or released
	napped   bool       // seen in a sleep by a timer, longer than any of the Go runtime's own

	exited bool // has ended
	reaped bool // the supervisor has waited for it: status is known
	status unix.WaitStatus

	missed bool // it was found gone before anybody told its end
	told   bool // its end was, in a run by hand
}

// hold is one announcement that waits for its answer.
type hold struct {
	point string
	conn  int
	fd    int // the process's own descriptor of this connection
	tid   int // before a system call, and not at a sync point: the thread
}

// strays: since it was let go it has come to a point, and is held there, that no line has asked for.
func (p *process) strays() bool {
	if p.released.IsZero() || len(p.holds) == 0 {
		return false
	}
	last := p.holds[len(p.holds)-1].point
	return slices.Contains(p.sequence[p.since:], last) && !slices.Contains(p.met, last)
}

type life int

const (
	alive life = iota
	zombie
	gone
)

// state asks the pidfd: no number is ever looked up twice, so a PID used again is never taken for this process.
func (p *process) state() life {
	if p.reaped {
		return gone
	}
	if !p.over() {
		return alive
	}
	// A child that nobody wants to hear of (SIGCHLD ignored) is never a zombie, but it may be seen in the moment in which
	// the kernel takes it apart: X (dead), proc_pid_stat(5).
	if st, _ := p.proc.Stat(p.pid); st.State == 'X' || unix.PidfdSendSignal(p.pidfd, 0, nil, 0) == unix.ESRCH {
		return gone
	}
	return zombie
}

func (p *process) over() bool {
	if !p.exited {
		fds := []unix.PollFd{{Fd: int32(p.pidfd), Events: unix.POLLIN}}
		if n, _ := unix.Poll(fds, 0); n > 0 {
			p.end()
		}
	}
	return p.exited
}

// end notes that the process has ended; whoever has ended is held nowhere.
func (p *process) end() {
	p.exited = true
	p.release()
}

func (p *process) release() {
	for _, h := range p.holds {
		if h.tid == 0 {
			unix.Close(h.conn)
		}
	}
	p.holds = nil
}

func (p *process) heldAt(point string) int {
	return slices.IndexFunc(p.holds, func(h hold) bool { return h.point == point })
}

// where are the points at which the process is held: its threads may be at several.
func (p *process) where(l lang.Lang) string {
	var points []string
	for _, h := range p.holds {
		points = append(points, h.point)
	}
	if len(points) == 1 {
		return l.Sprintf("the point %s", points[0])
	}
	return l.Sprintf("the points %s", strings.Join(points, l.Text(", ")))
}

// heldAtCall is the kind of system call that the process is held before, "" where it is held at points.
func (p *process) heldAtCall() string {
	if len(p.holds) == 1 && p.holds[0].tid != 0 {
		return p.holds[0].point
	}
	return ""
}

// announce notes that the process has come to the point.
func (p *process) announce(point string, moment int) {
	p.reached[point] = true
	p.sequence = append(p.sequence, point)
	p.moments = append(p.moments, moment)
}

// stretch is from when to when a process was between two points.
type stretch struct{ begin, end int }

// stretches are all those of a process. One that has no end lasts until the process has ended: from then on it says nothing.
func (p *process) stretches(from, to string) (all []stretch) {
	for i, point := range p.sequence {
		last := len(all) - 1
		switch {
		case point == from:
			all = append(all, stretch{p.moments[i], math.MaxInt})
		case point == to && last >= 0 && all[last].end == math.MaxInt:
			all[last].end = p.moments[i]
		}
	}
	if n := len(all); n > 0 && p.exited && all[n-1].end == math.MaxInt {
		all[n-1].end = p.moments[len(p.moments)-1]
	}
	return all
}

// apart reports whether no stretch of the one overlaps with one of the other.
func (p *process) apart(q *process, from, to string) bool {
	for _, a := range p.stretches(from, to) {
		for _, b := range q.stretches(from, to) {
			if a.begin < b.end && b.begin < a.end {
				return false
			}
		}
	}
	return true
}

// hold makes a process wait before its next system call of a kind, as at a point of that name.
func (s *stage) hold(name, kind string) error {
	p := s.byName[name]
	if p == nil || p.over() {
		return s.missed(name, lang.Errorf("nobody to hold: %s", s.describe(name)))
	}
	return s.ask(supervisor.Request{Op: "hold", PID: p.pid, Call: kind, Files: s.work})
}

// heldBefore reports whether a thread is held before a system call.
func (s *stage) heldBefore(tid int) bool {
	return slices.ContainsFunc(s.cast, func(p *process) bool {
		return slices.ContainsFunc(p.holds, func(h hold) bool { return h.tid == tid })
	})
}
