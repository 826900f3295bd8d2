package scenario

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"forklings/checker/arrange"
	"forklings/checker/proc"
	"forklings/checker/script"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// holds reports whether the fact is true of the process now. Still says that the caller has just proved that
// nothing moves.
func (s *stage) holds(name string, f script.Fact, still bool) bool {
	if f.Not {
		f.Not = false
		return !s.holds(name, f, still)
	}
	if name == script.Everybody {
		return f.Verb == "ended" && s.allEnded()
	}
	if f.Verb == "linearizable" {
		return s.linearizable(name, f.Args) == ""
	}
	p := s.byName[name]
	if p == nil {
		return f.Verb == "before" || f.Verb == "unseen"
	}
	switch f.Verb {
	case "at":
		return p.heldAt(f.Args[0]) >= 0
	case "before":
		return !p.reached[f.Args[0]]
	case "passed":
		return p.reached[f.Args[0]]
	case "order":
		return slices.Equal(only(p.sequence, f.Args), f.Args)
	case "alive":
		return p.state() == alive
	case "asleep":
		return still && p.state() == alive && len(p.holds) == 0 && (len(f.Args) == 0 || s.sleepsIn(p, f.Args[1]))
	case "idle":
		return s.idle(p)
	case "stopped":
		st, ok := s.proc.Stat(p.pid)
		return ok && p.state() == alive && s.isStopped(p, st)
	case "state":
		st, ok := s.proc.Stat(p.pid)
		return ok && p.state() != gone && strings.IndexByte(f.Args[0], st.State) >= 0
	case "zombie":
		return p.state() == zombie
	case "ended":
		return p.over() && (p.reaped || !p.started) // its status is on its way
	case "gone":
		return p.state() == gone
	case "exited":
		return p.reaped && p.status.Exited() && strconv.Itoa(p.status.ExitStatus()) == f.Args[0]
	case "killed":
		return p.reaped && p.status.Signaled() && unix.SignalName(p.status.Signal()) == f.Args[0]
	case "child-of":
		of := s.byName[f.Args[0]]
		return of != nil && p.state() != gone && s.parent(p) == of.pid
	case "adopted":
		return !p.started && p.state() != gone && s.parent(p) == s.box.Inner()
	case "children":
		return strconv.Itoa(len(s.children(p))) == f.Args[0]
	case "descendants":
		return strconv.Itoa(len(proc.Descendants(s.proc.Processes(), p.pid))) == f.Args[0]
	case "unseen":
		return false
	case "overlaps":
		return slices.Contains(p.beside, s.byName[f.Args[0]])
	case "apart":
		q := s.byName[f.Args[0]]
		return q == nil || p.apart(q, f.Args[1], f.Args[2])
	case "says":
		said, ok := p.says[f.Args[0]]
		return ok && said == s.value(f.Args[1:])
	case "printed":
		return slices.Contains(s.lines(name, "stdout"), strings.Join(f.Args, " "))
	case "reported":
		return slices.Contains(s.lines(name, "stderr"), strings.Join(f.Args, " "))
	case "mentioned":
		return strings.Contains(s.stream(name, "stderr"), strings.Join(f.Args, " "))
	case "open":
		return slices.Contains(slices.Collect(maps.Values(s.descriptors(p))), s.path(f.Args[0]))
	case "descriptors":
		var want []int
		for _, a := range f.Args {
			n, _ := strconv.Atoi(a)
			want = append(want, n)
		}
		slices.Sort(want)
		return slices.Equal(slices.Sorted(maps.Keys(s.descriptors(p))), want)
	case "napped":
		return p.napped
	}
	return false // polling and storm: condition knows
}

// holdsNow reports whether one of the line's facts is true, without waiting for anything.
func (s *stage) holdsNow(l script.Line) bool {
	s.pump(0)
	return slices.ContainsFunc(l.Facts, func(f script.Fact) bool { return s.holds(l.Name, f, false) })
}

// idle looks at the threads of one process: once all were seen asleep, that stays true until it is released again. A thread
// that is held at a point is asleep; one that has just come to a point is not, as its message is here by then.
func (s *stage) idle(p *process) bool {
	if !p.idled && p.state() == alive {
		p.idled = s.proc.Idle(p.pid, s.excuses()) && s.pump(0) == 0
	}
	return p.idled
}

// condition reports whether the condition of an else holds, after a line has failed.
func (s *stage) condition(e script.Else, w why) bool {
	switch {
	case e.If == nil:
		return true
	case e.If.Verb == "polling":
		return (w == busyWork) != e.If.Not
	case e.If.Verb == "storm":
		return (w == storm) != e.If.Not
	}
	return s.holds(e.Name, *e.If, w != busyWork && w != timeout)
}

// only keeps of the points that were announced those that are asked about.
func only(sequence, points []string) (kept []string) {
	for _, p := range sequence {
		if slices.Contains(points, p) {
			kept = append(kept, p)
		}
	}
	return kept
}

func (s *stage) parent(p *process) int {
	st, _ := s.proc.Stat(p.pid)
	return st.Parent
}

func (s *stage) children(p *process) (pids []int) {
	for pid, st := range s.proc.Processes() {
		if st.Parent == p.pid {
			pids = append(pids, pid)
		}
	}
	return pids
}

func (s *stage) sleepsIn(p *process, call string) bool {
	return slices.ContainsFunc(s.last.Tasks, func(t proc.Task) bool {
		return t.PID == p.pid && t.Doing == proc.Asleep && t.Call == call
	})
}

// value is what a says compares with: pid:NAME stands for that process's PID, exe:NAME for the path of the
// program that it runs.
func (s *stage) value(words []string) string {
	if name, ok := strings.CutPrefix(words[0], "exe:"); ok && len(words) == 1 {
		if p := s.byName[name]; p != nil {
			if path, ok := s.proc.Executable(p.pid); ok {
				return path
			}
		}
		return "the executable of " + name // nothing is the same
	}
	if name, ok := strings.CutPrefix(words[0], "pid:"); ok && len(words) == 1 {
		if p := s.byName[name]; p != nil {
			return strconv.Itoa(p.pid)
		}
		return "the PID of " + name
	}
	return strings.Join(words, " ")
}

func (s *stage) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.work, name)
}

// descriptors are the open ones, without what the Go runtime and the sync point have opened for themselves: the poller
// with what wakes it, one of each (a second one is somebody's own), the files that GOMAXPROCS is taken from, what os.Process
// has of a child, and the connection that the process is held by.
func (s *stage) descriptors(p *process) map[int]string {
	open := s.proc.Descriptors(p.pid)
	for _, h := range p.holds {
		delete(open, h.fd)
	}
	seen := map[string]bool{}
	for _, fd := range slices.Sorted(maps.Keys(open)) {
		switch to := open[fd]; {
		case to == "anon_inode:[eventpoll]" || to == "anon_inode:[eventfd]":
			if !seen[to] {
				seen[to] = true
				delete(open, fd)
			}
		case arrange.IsPidfd(to) || strings.HasPrefix(to, "/sys/fs/cgroup/"):
			delete(open, fd)
		}
	}
	return open
}

// describe says in a sentence what is seen of a process.
func (s *stage) describe(name string) string {
	p := s.byName[name]
	if name == script.Everybody {
		return ""
	}
	if p == nil {
		role := kindOf(name)
		switch runs, ran := s.unheard(role); {
		case runs:
			return s.Lang.Sprintf("a process runs as %s, and has come to no point yet", role)
		case ran:
			return s.Lang.Sprintf("a process ran as %s, and ended before it came to a point", role)
		}
		return s.Lang.Sprintf("no process called %s has shown itself", name)
	}
	switch p.state() {
	case zombie:
		if p.started { // the supervisor waits for it, and has not got to that
			return s.Lang.Sprintf("%s has ended", name)
		}
		return s.Lang.Sprintf("%s is a zombie: it has ended and nobody has waited for it", name)
	case gone:
		switch {
		case !p.reaped && p.started:
			return s.Lang.Sprintf("%s has ended", name)
		case !p.reaped, s.traced != nil && s.traced.collected(p) >= 0: // the supervisor as its tracer may hear of the end too
			return s.Lang.Sprintf("%s has ended and was waited for", name)
		case p.status.Exited():
			return s.Lang.Sprintf("%s has exited %d", name, p.status.ExitStatus())
		default:
			return s.Lang.Sprintf("%s was killed by %s", name, unix.SignalName(p.status.Signal()))
		}
	}
	st, _ := s.proc.Stat(p.pid)
	switch {
	case s.isStopped(p, st) && p.heldAtCall() != "":
		return s.Lang.Sprintf("%s is stopped, before its next %s", name, p.heldAtCall())
	case s.isStopped(p, st) && len(p.holds) > 0:
		return s.Lang.Sprintf("%s is stopped, at %s", name, p.where(s.Lang))
	case s.isStopped(p, st):
		return s.Lang.Sprintf("%s is stopped", name)
	case p.heldAtCall() != "":
		return s.Lang.Sprintf("%s is held before its next %s", name, p.heldAtCall())
	case len(p.holds) > 0:
		return s.Lang.Sprintf("%s is held at %s", name, p.where(s.Lang))
	}
	return s.doing(p)
}

// unheard reports whether a process runs in a role, or ran in it, that nothing was heard of.
func (s *stage) unheard(role string) (runs, ran bool) {
	is := func(pid int, args []string) bool {
		return s.byPID[pid] == nil && len(args) > 1 && args[0] == s.bin && args[1] == role
	}
	for pid := range s.proc.Processes() {
		runs = runs || is(pid, s.proc.Arguments(pid))
	}
	if s.traced != nil {
		ran = s.traced.find(func(r trace.Record) bool { return r.Op == trace.Exec && is(r.PID, r.Args) }) >= 0
	}
	return runs, ran
}

// doing says of a process in which calls its threads were last seen.
func (s *stage) doing(p *process) string {
	switch running, calls := s.calls(p); {
	case running:
		return s.Lang.Sprintf("%s is running", p.name)
	case calls == "":
		return s.Lang.Sprintf("%s is alive and asleep", p.name)
	default:
		return s.Lang.Sprintf("%s is alive and asleep in %s", p.name, calls)
	}
}

// calls are those that a process's threads were last seen in.
func (s *stage) calls(p *process) (running bool, listed string) {
	var calls []string
	for _, t := range s.last.Tasks {
		switch {
		case t.PID != p.pid || t.Sysmon || t.State == 'Z': // that thread alone has ended
		case t.Call == "" || t.Doing == proc.Moving:
			return true, ""
		case t.Call == "futex" && t.Doing == proc.Asleep && t.Nap == 0: // the runtime's idle threads
		case t.Nap > 0:
			calls = append(calls, s.Lang.Sprintf("%s for %v", t.Call, rough(t.Nap)))
		default:
			calls = append(calls, t.Call)
		}
	}
	slices.Sort(calls)
	calls = slices.Compact(calls)
	if len(calls) > 1 { // a thread that sleeps for ever beside others tells nothing
		calls = slices.DeleteFunc(calls, func(c string) bool { return c == "sigwait" })
	}
	return false, strings.Join(calls, s.Lang.Text(", "))
}

// rough rounds a duration to what is written of it: to two digits, so that 60 s stay a minute, and hours to minutes, so that 9h
// stay 9h.
func rough(d time.Duration) time.Duration {
	if d > time.Hour {
		return d.Round(time.Minute)
	}
	unit := time.Microsecond
	for d/100 >= unit {
		unit *= 10
	}
	return d.Round(unit)
}
