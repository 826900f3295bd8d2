package scenario

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/proc"
	"forklings/checker/script"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// decides marks the moment that the verdict is about: of what named the mistake, or of what the line asks for, when it came
// to be so; of what did not come to be, what the process does instead.
func (s *stage) decides(l script.Line, named script.Else, w why) {
	if s.traced == nil || w == flood || w == lost || w == scarce || w == cancelled {
		return
	}
	if w == storm {
		s.traced.mark(s.traced.multiplied())
		return
	}
	if w == busyWork && s.active != 0 {
		s.rest(s.active, s.activity)
		return
	}
	for _, p := range s.cast {
		if named.Mistake == Crashes && s.crashed(p.name) {
			s.traced.mark(s.traced.end(p))
			return
		}
	}
	// How far a process came, or what it answered, tells one mistake from another; while something else is waited for, it is not
	// the moment of either. An answer that is not the one asked for always is, and of what has happened, the later.
	told, instead := -1, -1
	if f := named.If; f != nil && (w == immediate || f.Verb != "says" && f.Verb != "passed") {
		told = s.became(named.Name, *f)
	}
	// One that is held somewhere tells which mistake it is; who waits for it meanwhile is why another one never comes.
	if f := named.If; f != nil && f.Verb == "at" && w == stuck && s.byName[l.Name] == nil {
		if i := s.waits(s.byName[named.Name]); i >= 0 {
			told = i
		}
	}
	for _, f := range l.Facts {
		if i := s.instead(l.Name, f); i >= 0 {
			if instead = i; f.Verb == "says" && named.If != nil && slices.Contains([]string{"says", "passed", "at"}, named.If.Verb) {
				told = -1
			}
			break
		}
	}
	if s.traced.mark(max(told, instead)) {
		return
	}
	doer := s.byName[l.Name]
	if f := named.If; f != nil && f.Verb == "alive" && !f.Not { // what that one does keeps the other
		doer = s.byName[named.Name]
	}
	s.does(doer, l, w)
	for _, p := range s.cast { // who waits for a lock of one that waits itself
		if i := s.traced.blocked(p); w == stuck && !p.over() && len(p.holds) == 0 && i >= 0 && !s.traced.wentOn(p) && s.traced.records[i].Op == trace.Lock {
			s.traced.mark(i)
		}
	}
}

// became finds when a fact that holds came to hold, -1: that cannot be told.
func (s *stage) became(name string, f script.Fact) int {
	p := s.byName[name]
	if p == nil || f.Not {
		return -1
	}
	switch f.Verb {
	case "at", "passed":
		return s.traced.latest(p, trace.Point, f.Args[0])
	case "says":
		return s.traced.latest(p, trace.Answer, f.Args[0])
	case "ended", "gone", "exited", "killed", "zombie", "mentioned", "reported":
		return s.traced.end(p)
	case "stopped":
		return s.traced.latest(p, trace.Stopped, "")
	case "child-of":
		return s.traced.birth(p)
	case "children", "descendants":
		return s.traced.family(p)
	case "asleep", "idle":
		return s.traced.blocked(p)
	}
	return -1
}

// instead finds what happened in place of what a fact asks for, -1: nothing did.
func (s *stage) instead(name string, f script.Fact) int {
	if f.Not {
		f.Not = false
		return s.became(name, f)
	}
	p := s.byName[name]
	if p == nil {
		return -1
	}
	switch f.Verb {
	case "before":
		return s.traced.latest(p, trace.Point, f.Args[0])
	case "says":
		return s.traced.latest(p, trace.Answer, f.Args[0])
	case "order":
		return s.traced.outOfOrder(p, f.Args)
	case "apart":
		return max(s.traced.latest(p, trace.Point, f.Args[1]), s.traced.latest(s.byName[f.Args[0]], trace.Point, f.Args[1]))
	case "unseen", "child-of":
		return s.traced.birth(p)
	case "adopted":
		return s.traced.end(p)
	case "children", "descendants":
		return s.traced.family(p)
	case "zombie":
		if i := s.traced.collected(p); i >= 0 {
			return i
		}
		return s.traced.end(p)
	case "open":
		return s.traced.find(func(r trace.Record) bool {
			return r.PID == p.pid && r.Op == trace.Close && r.Failure == "" && strings.HasSuffix(r.Path, "/"+f.Args[0])
		})
	case "alive", "exited", "killed", "printed", "reported", "mentioned":
		return s.traced.end(p)
	case "overlaps":
		return s.traced.end(s.byName[f.Args[0]])
	}
	return -1
}

// waits finds where one that is not held itself waits for a process, -1: nobody does.
func (s *stage) waits(child *process) int {
	for _, p := range s.cast {
		if i := s.traced.blocked(p); i >= 0 && child != nil && !p.over() && len(p.holds) == 0 {
			if r := s.traced.records[i]; r.Op == trace.Wait && r.Target == child.pid {
				return i
			}
		}
	}
	return -1
}

// does marks what a process does in place of what was waited for. Of one that never came, it is what keeps another from going on.
func (s *stage) does(p *process, l script.Line, w why) {
	if p == nil && (w == stuck || w == allOver) {
		if s.traced.mark(s.nameless(l.Name)) {
			return
		}
		p = s.hinders()
	}
	if p == nil {
		return
	}
	// That nobody has waited for it is what matters where it should be gone; where it should have come to something, its end is.
	asked := slices.ContainsFunc(l.Facts, func(f script.Fact) bool { return f.Verb == "gone" })
	switch hinders := p.name != l.Name; {
	case hinders && p.over():
		s.traced.mark(s.traced.end(p))
	case hinders && len(p.holds) > 0:
		s.traced.mark(s.traced.latest(p, trace.Point, p.holds[len(p.holds)-1].point))
	case p.state() == zombie && asked:
		s.record(trace.Record{At: trace.Now(), PID: p.pid, Op: trace.Rest, N: 1, Data: s.Lang.Text("is a zombie: nobody has waited for it"), Decides: true})
	case p.over():
		s.traced.mark(s.traced.end(p))
	case s.stays(p, l):
	case s.traced.halted[p.pid] && s.traced.mark(s.traced.find(func(r trace.Record) bool { return r.PID == p.pid && r.Op == trace.Stopped })):
	case w == stuck && l.Facts[0].Verb == "at" && (len(p.holds) > 0 && !p.strays() || s.traced.wentOn(p)): // another of its threads does not get there
		s.rest(p.pid, s.Lang.Sprintf("does not come to point %s", l.Facts[0].Args[0]))
	case len(p.holds) > 0:
		s.traced.mark(s.traced.latest(p, trace.Point, p.holds[len(p.holds)-1].point))
	case !s.traced.wentOn(p) && s.traced.mark(s.traced.blocked(p)):
	default:
		s.rest(p.pid, s.resting(p, w))
	}
}

// hinders is the process that keeps another one from coming: one that is on its way and does not get on; otherwise the one that
// was let go on last, and has done what it had to.
func (s *stage) hinders() *process {
	if i := slices.IndexFunc(s.cast, func(q *process) bool { return q.state() == alive && len(q.holds) == 0 }); i >= 0 {
		return s.cast[i]
	}
	i := s.traced.find(func(r trace.Record) bool { return r.Op == trace.Let })
	for _, p := range s.cast {
		if i < 0 && p.started || i >= 0 && s.traced.records[i].PID == p.pid {
			return p
		}
	}
	return nil
}

// stays adds that a process is there, or is whose child it was, in the end, when its end or another parent was asked for: what it
// did last may be long past, and others should have done something since.
func (s *stage) stays(p *process, l script.Line) bool {
	if p.state() != alive {
		return false
	}
	for _, f := range l.Facts {
		switch {
		case f.Verb == "adopted" && !f.Not:
			s.rest(p.pid, s.Lang.Sprintf("is a child of %s", s.owner(strconv.Itoa(s.parent(p)), "")))
			return true
		case f.Not && f.Verb != "alive", !f.Not && f.Verb != "ended" && f.Verb != "gone":
		case s.traced.halted[p.pid]:
			s.rest(p.pid, s.Lang.Text("is stopped, and has not ended"))
			return true
		case len(p.holds) > 0:
			s.rest(p.pid, s.Lang.Sprintf("is held at point %s, and has not ended", p.holds[len(p.holds)-1].point))
			return true
		}
	}
	return false
}

// resting says what a process does, for the end of its column.
func (s *stage) resting(p *process, w why) string {
	running, calls := s.calls(p)
	said := s.Lang.Text("sleeps")
	switch {
	case running:
		return s.Lang.Text("is still running")
	case s.traced.full(p) == trace.Write: // Go sleeps in poll then
		said = s.Lang.Text("sleeps until it can write")
	case s.traced.full(p) == trace.Read:
		said = s.Lang.Text("sleeps until there is something to read")
	case calls != "":
		said = s.Lang.Sprintf("sleeps in %s", calls)
	}
	switch {
	case w != stuck:
		return said
	case slices.ContainsFunc(s.last.Tasks, func(t proc.Task) bool { return t.PID == p.pid && t.Nap > 0 && !t.Sysmon }):
		return s.Lang.Sprintf("%s, and only that timer can wake it", said)
	}
	return s.Lang.Sprintf("%s, and nothing can wake it", said)
}

// rest adds what a process does in the end.
func (s *stage) rest(pid int, what string) {
	s.record(trace.Record{At: trace.Now(), PID: pid, Op: trace.Rest, Data: what, Decides: true})
}

// mark reports whether there is such a record.
func (t *traced) mark(i int) bool {
	if i >= 0 {
		t.records[i].Decides = true
	}
	return i >= 0
}

// find gives the latest record of which that is true, -1: there is none.
func (t *traced) find(is func(trace.Record) bool) int {
	for i, r := range slices.Backward(t.records) {
		if is(r) {
			return i
		}
	}
	return -1
}

func (t *traced) latest(p *process, op trace.Op, path string) int {
	if p == nil {
		return -1
	}
	return t.find(func(r trace.Record) bool { return r.PID == p.pid && r.Op == op && r.Path == path })
}

// end is where a process has ended, or was sent the signal that has ended it by another one; -1: it has not.
func (t *traced) end(p *process) int {
	if p == nil || !p.over() {
		return -1
	}
	return t.ended(p.pid)
}

// ended is the same for a number.
func (t *traced) ended(pid int) int {
	end := t.find(func(r trace.Record) bool { return r.PID == pid && r.Op == trace.End })
	if end < 0 || !unix.WaitStatus(t.records[end].Status).Signaled() {
		return end
	}
	signal := unix.SignalName(unix.WaitStatus(t.records[end].Status).Signal())
	kill := t.find(func(r trace.Record) bool { // it may be told behind the end, as the call returns then
		return r.Op == trace.Kill && r.Signal == signal && r.Failure == "" && r.At < t.records[end].At && t.reaches(r, pid)
	})
	if kill >= 0 {
		return kill
	}
	return end
}

// reaches reports whether a signal goes to a process, be it as one of a group (kill(2)).
func (t *traced) reaches(kill trace.Record, pid int) bool {
	switch {
	case kill.Target == pid:
		return true
	case kill.Target > 0 || kill.Target == trace.Gone:
		return false
	case kill.Target == -1:
		return kill.PID != pid
	}
	group := map[int]int{} // by process; one that the scenario has started leads its own
	of := func(pid int) int { return cmp.Or(group[pid], pid) }
	for _, r := range t.records {
		switch {
		case r.At > kill.At || r.Failure != "":
		case r.Op == trace.Start:
			group[r.Target] = cmp.Or(group[r.Target], of(r.PID)) // the child may be told of first
		case r.Op == trace.Setsid:
			group[r.PID] = r.PID
		case r.Op == trace.Setpgid:
			group[r.Target] = int(r.Flags)
		}
	}
	return of(pid) == cmp.Or(-kill.Target, of(kill.PID))
}

// nameless is what has become of a process that was given a name among its arguments and has not told it, -1: there is none.
func (s *stage) nameless(name string) int {
	name = kindOf(name)
	born := map[int]bool{}
	for _, r := range s.traced.records {
		if r.Op == trace.Start {
			born[r.Target] = true
		}
		if r.Op != trace.Exec || !born[r.PID] || !slices.Contains(r.Args, name) {
			continue
		}
		if p := s.byPID[r.PID]; p != nil && kindOf(p.name) == name {
			continue
		}
		if i := s.traced.ended(r.PID); i >= 0 {
			return i
		}
		if i := s.traced.find(func(q trace.Record) bool { return q.PID == r.PID && q.Op == trace.Point }); i >= 0 {
			return i
		}
		return s.traced.blocked(&process{pid: r.PID})
	}
	return -1
}

// kindOf is a name without its number: red.2 is a red.
func kindOf(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			return name[:i]
		}
	}
	return name
}

// multiplied is where a child first starts a child of its own that runs a program.
func (t *traced) multiplied() int {
	born, runs := map[int]bool{}, map[int]bool{}
	for _, r := range t.records {
		runs[r.PID] = runs[r.PID] || r.Op == trace.Exec
	}
	return slices.IndexFunc(t.records, func(r trace.Record) bool {
		if r.Op != trace.Start {
			return false
		}
		born[r.Target] = true
		return born[r.PID] && runs[r.Target]
	})
}

func (t *traced) birth(p *process) int {
	return t.find(func(r trace.Record) bool { return r.Op == trace.Start && r.Target == p.pid })
}

// family is where the number of a process's children has changed: where the one that is left has ended or begun, if there is one.
func (t *traced) family(p *process) int {
	var left []int
	for _, r := range t.records {
		switch {
		case r.Op == trace.Start && r.PID == p.pid:
			left = append(left, r.Target)
		case r.Op == trace.Wait && r.Flags&unix.WNOWAIT == 0:
			left = slices.DeleteFunc(left, func(child int) bool { return child == int(r.N) })
		}
	}
	if n := len(left); n > 0 {
		return t.find(func(r trace.Record) bool {
			return r.Op == trace.Start && r.Target == left[n-1] || r.Op == trace.End && r.PID == left[n-1]
		})
	}
	return t.find(func(r trace.Record) bool {
		return r.PID == p.pid && (r.Op == trace.Start || r.Op == trace.Wait && r.N > 0 && r.Flags&unix.WNOWAIT == 0)
	})
}

// collected is where somebody has waited for a process.
func (t *traced) collected(p *process) int {
	return t.find(func(r trace.Record) bool { return r.Op == trace.Wait && int(r.N) == p.pid && r.Flags&unix.WNOWAIT == 0 })
}

// blocked is the beginning of a call that one of a process's threads is in.
func (t *traced) blocked(p *process) int {
	over := map[int]bool{} // threads that have come back from one
	return t.find(func(r trace.Record) bool {
		if r.PID != p.pid || !slices.Contains([]trace.Op{trace.Wait, trace.Lock, trace.Read, trace.Write}, r.Op) || over[r.TID] {
			return false
		}
		over[r.TID] = true
		return r.Phase == trace.Begins || r.Phase == trace.Failed
	})
}

// full is what a process has tried last, if that was to read from something empty, or to write to something full.
func (t *traced) full(p *process) trace.Op {
	i := t.find(func(r trace.Record) bool {
		return r.PID == p.pid && !slices.Contains([]trace.Op{trace.Nap, trace.Delivered, trace.Named}, r.Op)
	})
	if i >= 0 && t.records[i].Failure == "EAGAIN" && trace.Channel(t.records[i].Path) {
		return t.records[i].Op
	}
	return ""
}

// wentOn reports whether a process has done something, or was let go on from a point, since one of its threads began the call that it
// is in: that may be meant to last. A signal that interrupts the call (syncpoint.Interrupt) is no such thing.
func (t *traced) wentOn(p *process) bool {
	i := t.blocked(p)
	if i < 0 {
		return false
	}
	on := false
	for _, r := range t.records {
		switch {
		case r.PID != p.pid || r.At <= t.records[i].At:
		case r.Op == trace.Answer:
			return true
		case r.Op == trace.Point || r.Op == trace.Let:
			on = true
		case r.Op == trace.Delivered && r.Signal == "SIGURG":
			on = false
		}
	}
	return on
}

// outOfOrder is the first of the points that was not the next.
func (t *traced) outOfOrder(p *process, points []string) int {
	next := 0
	for i, r := range t.records {
		if r.PID != p.pid || r.Op != trace.Point || !slices.Contains(points, r.Path) {
			continue
		}
		if next >= len(points) || r.Path != points[next] {
			return i
		}
		next++
	}
	return -1
}
