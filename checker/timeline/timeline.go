// Package timeline makes of what the tracer recorded what a person reads: who did what, and when.
package timeline

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"forklings/checker/lang"
	"forklings/checker/result"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// own is the folder, below a scenario's, of what its program writes down for itself: that is not shown.
const own = "/.kit"

// Build makes events of records. Files are shown as below dir. What runs the program at this path is named by its role,
// the first argument.
func Build(records []trace.Record, dir, program string, l lang.Lang) []result.Event {
	records = slices.Clone(records)
	slices.SortStableFunc(records, func(a, b trace.Record) int { return cmp.Compare(a.At, b.At) })
	records = arranged(records, dir+own)
	records = slices.DeleteFunc(records, func(r trace.Record) bool { return r.Path == dir+own || strings.HasPrefix(r.Path, dir+own+"/") })
	records = fold(answered(startFirst(ending(lives(records)))))
	b := &builder{lang: l, names: names(records, program, l), dir: dir, channels: map[string]string{}, stopped: map[int]bool{}}
	var events []result.Event
	var last trace.Record
	for _, r := range records {
		if r.Op == trace.Stopped || r.Op == trace.Continued || r.Op == trace.End {
			b.stopped[r.PID] = r.Op == trace.Stopped
		}
		what, detail := b.say(r)
		if what == "" {
			continue
		}
		if b.zero == 0 {
			b.zero = r.At
		}
		joined := b.beside(events, r, last, what)
		if last = r; joined {
			continue
		}
		b.points = []string{r.Path}
		events = append(events, result.Event{
			Microseconds: (r.At - b.zero) / 1000, Who: b.who(r.PID), PID: number(r.PID), What: what, Detail: detail,
			Kind: kind(r), Other: b.other(r), Object: b.object(r), Decides: r.Decides,
			Killed: r.Op == trace.End && unix.WaitStatus(r.Status).Signaled(),
		})
		if r.Op == trace.Answer {
			events[len(events)-1].Kind = answer
		}
	}
	events = again(events, l)
	for i := range events {
		if events[i].Kind == answer {
			events[i].Kind = result.Point
		}
	}
	return events
}

// answer is what an answer is until it is known which of them are the same again and again; a point never is.
const answer result.Kind = -1

// beside joins what one process tells in one go, so far as that stays short.
func (b *builder) beside(events []result.Event, r, before trace.Record, what string) bool {
	n := len(events) - 1
	if n < 0 || r.PID != before.PID || r.Decides || before.Decides || r.Op != before.Op || !tells(r) || !tells(before) {
		return false
	}
	joined := b.lang.Sprintf("%s, %s: %s", events[n].What, r.Path, r.Data)
	if r.Op == trace.Point {
		joined = b.lang.Sprintf("comes to points %s", strings.Join(append(slices.Clone(b.points), r.Path), b.lang.Text(", ")))
	}
	const short = 36
	if utf8.RuneCountInString(joined) > short {
		return false
	}
	events[n].What = joined
	b.points = append(b.points, r.Path)
	return true
}

// tells: it only says how far it is, or answers.
func tells(r trace.Record) bool {
	return r.Op == trace.Answer || r.Op == trace.Point && r.Phase == trace.Whole && r.Call == ""
}

type builder struct {
	lang     lang.Lang
	names    map[int]string // by process
	dir      string
	zero     int64
	channels map[string]string // "pipe:[123]" -> "pipe 1"
	points   []string          // that the last event tells of
	stopped  map[int]bool      // by process: it is, by a signal
}

// other is the process that something was done to, or learnt of.
func (b *builder) other(r trace.Record) string {
	switch {
	case (r.Op == trace.Start || r.Op == trace.Kill || r.Op == trace.Turn) && r.Target > 0 && r.Target != r.PID && r.Failure == "":
		return b.who(r.Target)
	case r.Op == trace.Wait && r.N > 0:
		return b.who(int(r.N))
	}
	return ""
}

// object is the lock that a record is about, or the file that is there no more under its name.
func (b *builder) object(r trace.Record) string {
	switch k := kind(r); {
	case k == result.Takes, k == result.Frees:
		return b.short(r.Path)
	case k == result.Replaces:
		return b.short(r.To)
	}
	return ""
}

func kind(r trace.Record) result.Kind {
	switch {
	case r.Breaks:
		return result.Breaks
	case r.Op == trace.Close && r.Data != kept, r.Op == trace.Lock && r.Failure == "" && r.Phase != trace.Begins && r.Unlocks():
		return result.Frees
	case r.Op == trace.Lock && r.Failure == "" && r.Phase != trace.Begins:
		return result.Takes
	case r.Op == trace.Rename && r.Failure == "":
		return result.Replaces
	case r.Op == trace.Rest && r.N != 0:
		return result.Remains
	case r.Op == trace.Point && r.Call != "":
		return result.Held
	case r.Op == trace.Call, r.Op == trace.Return:
		return result.Calls
	case r.Op == trace.Point, r.Op == trace.Let, r.Op == trace.Answer:
		return result.Point
	case r.Op == trace.Start:
		return result.Starts
	case r.Op == trace.Turn:
		return result.Interrupted
	case r.Op == trace.Kill:
		return result.Signals
	case r.Op == trace.Wait && r.N > 0 && r.Flags&unix.WNOWAIT == 0:
		return result.Learns
	case r.Op == trace.End:
		return result.Ends
	}
	return result.Act
}

func (b *builder) who(pid int) string {
	if name := b.names[pid]; name != "" {
		return name
	}
	return b.lang.Sprintf("PID %d", number(pid))
}

// say says what a record tells, and in the detail how: the system call.
func (b *builder) say(r trace.Record) (what, detail string) {
	detail = b.detail(r)
	switch r.Op {
	case trace.Point:
		switch {
		case r.Call != "":
			return b.lang.Sprintf("is held before its next %s", r.Path), ""
		case r.Phase == trace.Parked:
			return b.lang.Sprintf("is held at point %s", r.Path), ""
		}
		return b.lang.Sprintf("comes to point %s", r.Path), ""
	case trace.Let:
		switch {
		case r.Call != "":
			return b.lang.Sprintf("goes on to its next %s", r.Path), ""
		case b.stopped[r.PID]:
			return b.lang.Sprintf("may go on from point %s", r.Path), ""
		}
		return b.lang.Sprintf("goes on from point %s", r.Path), ""
	case trace.Answer:
		return b.lang.Sprintf("answers %s: %s", r.Path, r.Data), ""
	case trace.Rest:
		return r.Data, ""
	case trace.Sent:
		return b.lang.Sprintf("is sent %s by the scenario", r.Signal), ""
	case trace.Call:
		return b.lang.Sprintf("calls %s of %s", r.Data, r.Path), ""
	case trace.Return:
		return b.lang.Sprintf("gets from %s: %s", r.Path, r.Data), ""
	case trace.Start:
		return b.lang.Sprintf("starts %s", b.who(r.Target)), detail
	case trace.Exec:
		return b.lang.Sprintf("runs %s", b.command(r)), detail
	case trace.TryExec:
		return b.failed(b.lang.Sprintf("cannot run %s", strings.NewReplacer(b.dir+"/.bin/", "", b.dir+"/", "").Replace(r.Path)), r), detail
	case trace.End:
		return b.ended(r.Status), ""
	case trace.Wait:
		return b.wait(r), detail
	case trace.Kill:
		if r.Signal == "" && r.Failure == "" {
			return b.lang.Sprintf("sees that %s is there", b.target(r.Target)), detail
		}
		if r.Signal == "" {
			return b.failed(b.lang.Sprintf("looks whether %s is there", b.target(r.Target)), r), detail
		}
		return b.failed(b.lang.Sprintf("sends %s to %s", r.Signal, b.target(r.Target)), r), detail
	case trace.Delivered:
		return b.lang.Sprintf("gets %s", r.Signal), ""
	case trace.Stopped:
		return b.lang.Sprintf("is stopped by %s", r.Signal), ""
	case trace.Continued:
		return b.lang.Text("is stopped no more"), ""
	case trace.Nap:
		return b.lang.Text("sleeps by a timer"), detail
	case trace.Setsid:
		return b.failed(b.lang.Text("begins a session of its own"), r), detail
	case trace.Setpgid:
		if r.Target == r.PID && int(r.Flags) == number(r.PID) {
			return b.failed(b.lang.Text("leads a group of its own"), r), detail
		}
		return b.failed(b.lang.Sprintf("puts %s into the group of %s", b.who(r.Target), b.who(int(r.Flags))), r), detail
	case trace.Prctl:
		return b.failed(b.lang.Say(map[uint64]lang.Words{
			unix.PR_SET_CHILD_SUBREAPER: lang.Mark("declares itself a subreaper"), unix.PR_SET_PDEATHSIG: lang.Mark("wants a signal at its parent's end"),
		}[r.Flags]), r), detail
	}
	return b.file(r), detail
}

func (b *builder) detail(r trace.Record) string {
	var s []string
	if r.Call != "" {
		s = append(s, r.Call)
	}
	if r.TID != 0 {
		s = append(s, b.lang.Sprintf("thread %d", r.TID))
	}
	return strings.Join(s, b.lang.Text(", "))
}

func (b *builder) command(r trace.Record) string {
	if len(r.Args) == 0 {
		return b.lang.Text("another program")
	}
	args := slices.Clone(r.Args)
	args[0] = filepath.Base(args[0])
	for i, a := range args {
		a = strings.NewReplacer(b.dir+"/.bin/", "", filepath.Dir(b.dir)+"/.bin/", "", b.dir+"/", "").Replace(a)
		if strings.ContainsAny(a, "\t\n") {
			a = strconv.Quote(a)
		} else if a == "" || strings.Contains(a, " ") {
			a = "'" + a + "'"
		}
		args[i] = a
	}
	command := []rune(strings.Join(args, " "))
	if len(command) > longest {
		if len(args) == 2 {
			return b.lang.Sprintf("%s... (1 argument)", string(command[:longest]))
		}
		return b.lang.Sprintf("%s... (%d arguments)", string(command[:longest]), len(args)-1)
	}
	return string(command)
}

// longest is how many characters of a command line are shown.
const longest = 100

func (b *builder) ended(status uint32) string {
	s := unix.WaitStatus(status)
	switch {
	case s.Exited():
		return b.lang.Sprintf("exits %d", s.ExitStatus())
	case s.Signaled():
		return b.lang.Sprintf("is killed by %s", unix.SignalName(s.Signal()))
	case s.Stopped():
		return b.lang.Sprintf("was stopped by %s", unix.SignalName(s.StopSignal()))
	}
	return b.lang.Text("went on")
}

// target names whom a call is about: a process, with a minus a group, or everybody.
func (b *builder) target(pid int) string {
	switch {
	case pid == trace.Gone:
		return b.lang.Text("one that was waited for")
	case pid == -1:
		return b.lang.Text("everybody")
	case pid == 0:
		return b.lang.Text("its own group")
	case pid < 0:
		return b.lang.Sprintf("the group of %s", b.who(-pid))
	}
	return b.who(pid)
}

func (b *builder) wait(r trace.Record) string {
	whom := b.lang.Text("any child")
	switch {
	case r.Target > 0 || r.Target == trace.Gone:
		whom = b.target(r.Target)
	case r.Target < -1:
		whom = b.lang.Sprintf("any child in the group of %s", b.who(-r.Target))
	case r.Target == 0:
		whom = b.lang.Text("any child in its own group")
	}
	status := unix.WaitStatus(r.Status)
	lives := status.Stopped() || status.Continued()
	switch {
	case r.Phase == trace.Begins && r.Data == another:
		return b.lang.Sprintf("waits for %s in another thread, too", whom)
	case r.Phase == trace.Begins:
		return b.lang.Sprintf("waits for %s", whom)
	case r.Phase == trace.Ends && r.Failure != "":
		return b.failed(b.lang.Sprintf("waits for %s no more", whom), r)
	case r.Failure != "" && r.Flags&unix.WNOHANG != 0:
		return b.failed(b.lang.Sprintf("asks whether %s has ended", whom), r)
	case r.Failure != "":
		return b.failed(b.lang.Sprintf("waits for %s", whom), r)
	case r.N == 0 && r.Flags&unix.WNOHANG != 0:
		return b.lang.Sprintf("asks whether %s has ended: no", whom)
	case r.N > 0 && r.Flags&unix.WNOWAIT != 0:
		return b.lang.Sprintf("sees, without collecting it: %s %s", b.who(int(r.N)), b.ended(r.Status))
	case r.N > 0 && (r.Phase == trace.Ends || lives):
		return b.lang.Sprintf("learns: %s %s", b.who(int(r.N)), b.ended(r.Status))
	case r.N > 0:
		return b.lang.Sprintf("collects %s: %s", b.who(int(r.N)), b.ended(r.Status))
	}
	return b.lang.Sprintf("has waited for %s", whom)
}

func (b *builder) failed(what string, r trace.Record) string {
	if r.Failure == "" {
		return what
	}
	if words, ok := failures[r.Failure]; ok {
		return b.lang.Sprintf("%s: %s (%s)", what, r.Failure, b.lang.Say(words))
	}
	return b.lang.Sprintf("%s: %s", what, r.Failure)
}

// failures are the commonest errors, in words.
var failures = map[string]lang.Words{
	"ECHILD": lang.Mark("no such child"), "ESRCH": lang.Mark("no such process"), "EPERM": lang.Mark("not allowed"),
	"ENOENT": lang.Mark("not there"), "EEXIST": lang.Mark("there already"), "EINTR": lang.Mark("a signal came"), "EPIPE": lang.Mark("nobody reads"),
	"E2BIG": lang.Mark("too long"), "EMFILE": lang.Mark("too many open"), "EACCES": lang.Mark("not allowed"),
	"EISDIR": lang.Mark("is a folder"), "ENOTEMPTY": lang.Mark("not empty"), "EBADF": lang.Mark("not open"),
}
