// Package timeline makes of what the tracer recorded what a person reads: who did what, and when.
package timeline

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"forklings/checker/result"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// own is the folder, below a scenario's, of what its program writes down for itself: that is not shown.
const own = "/.kit"

// Build makes events of records. Files are shown as below dir. What runs the program at this path is named by its role,
// the first argument.
func Build(records []trace.Record, dir, program string) []result.Event {
	records = slices.Clone(records)
	slices.SortStableFunc(records, func(a, b trace.Record) int { return cmp.Compare(a.At, b.At) })
	records = slices.DeleteFunc(records, func(r trace.Record) bool { return r.Path == dir+own || strings.HasPrefix(r.Path, dir+own+"/") })
	records = fold(startFirst(lives(records)))
	b := &builder{names: names(records, program), dir: dir, channels: map[string]string{}}
	var events []result.Event
	for _, r := range records {
		what, detail := b.say(r)
		if what == "" {
			continue
		}
		if b.zero == 0 {
			b.zero = r.At
		}
		events = append(events, result.Event{
			Microseconds: (r.At - b.zero) / 1000, Who: b.who(r.PID), PID: number(r.PID), What: what, Detail: detail,
			Kind: kind(r), Other: b.other(r), Object: b.object(r),
		})
	}
	return events
}

type builder struct {
	names    map[int]string // by process
	dir      string
	zero     int64
	channels map[string]string // "pipe:[123]" -> "pipe 1"
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

// object is the lock that a record is about.
func (b *builder) object(r trace.Record) string {
	if k := kind(r); k == result.Takes || k == result.Frees {
		return b.short(r.Path)
	}
	return ""
}

func kind(r trace.Record) result.Kind {
	switch {
	case r.Breaks:
		return result.Breaks
	case r.Op == trace.Close, r.Op == trace.Lock && r.Failure == "" && r.Phase != trace.Begins && r.Unlocks():
		return result.Frees
	case r.Op == trace.Lock && r.Failure == "" && r.Phase != trace.Begins:
		return result.Takes
	case r.Op == trace.Point, r.Op == trace.Answer, r.Op == trace.Call, r.Op == trace.Return:
		return result.Point
	case r.Op == trace.Start:
		return result.Starts
	case r.Op == trace.Turn:
		return result.Interrupted
	case r.Op == trace.Kill:
		return result.Signals
	case r.Op == trace.Wait && r.N > 0:
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
	return fmt.Sprintf("PID %d", number(pid))
}

// say says what a record tells, and in the detail how: the system call.
func (b *builder) say(r trace.Record) (what, detail string) {
	detail = b.detail(r)
	switch r.Op {
	case trace.Point:
		return "is at " + r.Path, ""
	case trace.Answer:
		return fmt.Sprintf("says %s: %s", r.Path, r.Data), ""
	case trace.Call:
		return fmt.Sprintf("calls %s of %s", r.Data, r.Path), ""
	case trace.Return:
		return fmt.Sprintf("gets from %s: %s", r.Path, r.Data), ""
	case trace.Start:
		return "starts " + b.who(r.Target), detail
	case trace.Exec:
		return "runs " + b.command(r), detail
	case trace.End:
		return ended(r.Status), ""
	case trace.Wait:
		return b.wait(r), detail
	case trace.Kill:
		if r.Signal == "" {
			return b.failed("looks whether "+b.target(r.Target)+" is there", r), detail
		}
		return b.failed(fmt.Sprintf("sends %s to %s", r.Signal, b.target(r.Target)), r), detail
	case trace.Delivered:
		return "gets " + r.Signal, ""
	case trace.Stopped:
		return "is stopped by " + r.Signal, ""
	case trace.Continued:
		return "goes on", ""
	case trace.Setsid:
		return b.failed("begins a session of its own", r), detail
	case trace.Setpgid:
		if r.Target == r.PID && int(r.Flags) == number(r.PID) {
			return b.failed("leads a group of its own", r), detail
		}
		return b.failed(fmt.Sprintf("puts %s into the group of %s", b.who(r.Target), b.who(int(r.Flags))), r), detail
	case trace.Prctl:
		return b.failed(map[uint64]string{
			unix.PR_SET_CHILD_SUBREAPER: "declares itself a subreaper", unix.PR_SET_PDEATHSIG: "wants a signal at its parent's end",
		}[r.Flags], r), detail
	}
	return b.file(r), detail
}

func (b *builder) detail(r trace.Record) string {
	var s []string
	if r.Call != "" {
		s = append(s, r.Call)
	}
	if r.TID != 0 {
		s = append(s, fmt.Sprintf("thread %d", r.TID))
	}
	return strings.Join(s, ", ")
}

func (b *builder) command(r trace.Record) string {
	if len(r.Args) == 0 {
		return "another program"
	}
	args := slices.Clone(r.Args)
	args[0] = filepath.Base(args[0])
	for i, a := range args {
		a = strings.NewReplacer(b.dir+"/.bin/", "", b.dir+"/", "").Replace(a)
		if a == "" || strings.ContainsAny(a, " \t\n") {
			a = "'" + a + "'"
		}
		args[i] = a
	}
	command := []rune(strings.Join(args, " "))
	if len(command) > longest {
		return fmt.Sprintf("%s... (%d arguments)", string(command[:longest]), len(args)-1)
	}
	return string(command)
}

// longest is how many characters of a command line are shown.
const longest = 100

func ended(status uint32) string {
	s := unix.WaitStatus(status)
	switch {
	case s.Exited():
		return fmt.Sprintf("exits %d", s.ExitStatus())
	case s.Signaled():
		return "is killed by " + unix.SignalName(s.Signal())
	case s.Stopped():
		return "was stopped by " + unix.SignalName(s.StopSignal())
	}
	return "went on"
}

// target names whom a call is about: a process, with a minus a group, or everybody.
func (b *builder) target(pid int) string {
	switch {
	case pid == -1:
		return "everybody"
	case pid == 0:
		return "its own group"
	case pid < 0:
		return "the group of " + b.who(-pid)
	}
	return b.who(pid)
}

func (b *builder) wait(r trace.Record) string {
	whom := "any child"
	switch {
	case r.Target > 0:
		whom = b.who(r.Target)
	case r.Target < -1:
		whom = "any child in the group of " + b.who(-r.Target)
	case r.Target == 0:
		whom = "any child in its own group"
	}
	switch {
	case r.Phase == trace.Begins:
		return "waits for " + whom
	case r.Failure != "":
		return fmt.Sprintf("waits for %s: %s", whom, r.Failure)
	case r.N == 0 && r.Flags&unix.WNOHANG != 0:
		return fmt.Sprintf("asks whether %s has ended: no", whom)
	case r.N > 0 && r.Phase == trace.Ends:
		return fmt.Sprintf("learns: %s %s", b.who(int(r.N)), ended(r.Status))
	case r.N > 0:
		return fmt.Sprintf("collects %s: %s", b.who(int(r.N)), ended(r.Status))
	}
	return "waits for " + whom
}

func (b *builder) failed(what string, r trace.Record) string {
	if r.Failure != "" {
		return what + ": " + r.Failure
	}
	return what
}

// file says what was done with a file, a pipe or a socket.
func (b *builder) file(r trace.Record) string {
	name := b.short(r.Path)
	switch r.Op {
	case trace.Open:
		how := "opens"
		switch create := r.Flags&unix.O_CREAT != 0; {
		case create && r.Flags&unix.O_EXCL != 0:
			how = "creates"
		case create && r.Flags&unix.O_TRUNC != 0:
			how = "empties or creates"
		case create:
			how = "opens or creates"
		case r.Flags&unix.O_TRUNC != 0:
			how = "empties"
		}
		return b.failed(how+" "+name, r)
	case trace.Close:
		return "closes " + name
	case trace.Read, trace.Write:
		verb := map[trace.Op]string{trace.Read: "reads from ", trace.Write: "writes to "}[r.Op]
		switch {
		case r.Phase == trace.Begins:
			return verb + name + " ..."
		case r.Failure != "":
			return verb + name + ": " + r.Failure
		case r.Op == trace.Read && r.N == 0:
			return verb + name + ": end of file"
		}
		return fmt.Sprintf("%s%s: %s", verb, name, quote(r.Data, r.N))
	case trace.Lock:
		return b.lock(r, name)
	case trace.Rename:
		return b.failed(fmt.Sprintf("renames %s to %s", name, b.short(r.To)), r)
	case trace.Link:
		return b.failed(fmt.Sprintf("links %s as %s", name, b.short(r.To)), r)
	case trace.Unlink:
		return b.failed("removes "+name, r)
	case trace.Truncate:
		return b.failed("cuts "+name, r)
	case trace.Mkdir:
		return b.failed("makes the folder "+name, r)
	case trace.Symlink:
		return b.failed(fmt.Sprintf("makes %s a symbolic link", name), r)
	case trace.Look:
		if r.Failure == "" {
			return "finds " + name
		}
		return b.failed("looks for "+name, r)
	case trace.Turn:
		return "has to wait: it is the turn of " + b.who(r.Target)
	}
	return ""
}

func (b *builder) lock(r trace.Record, name string) string {
	if r.Unlocks() {
		return b.failed("unlocks "+name, r)
	}
	what := "locks " + name
	switch {
	case r.Phase == trace.Begins:
		return "wants to lock " + name
	case r.Failure == "EAGAIN" || r.Failure == "EWOULDBLOCK" || r.Failure == "EACCES":
		return "finds " + name + " locked"
	}
	return b.failed(what, r)
}

// short names a file below the scenario's folder by its name there, and channels by numbers.
func (b *builder) short(path string) string {
	if trace.Channel(path) {
		if b.channels[path] == "" {
			kind, _, _ := strings.Cut(path, ":")
			b.channels[path] = fmt.Sprintf("%s %d", kind, len(b.channels)+1)
		}
		return b.channels[path]
	}
	if rest, ok := strings.CutPrefix(path, b.dir+"/"); ok {
		return rest
	}
	return path
}

// quote shows the beginning of what was read or written, and says how much it was in all. Of what is long and no text
// it says only that.
func quote(data string, n int64) string {
	const most = 24
	if len(data) > most || int64(len(data)) < n {
		if strings.ContainsFunc(data, func(c rune) bool { return unicode.IsControl(c) && !strings.ContainsRune("\n\r\t", c) }) {
			return fmt.Sprintf("%d bytes", n)
		}
		return fmt.Sprintf("%q... (%d bytes)", data[:min(len(data), most)], n)
	}
	return strconv.Quote(data)
}
