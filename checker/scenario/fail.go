package scenario

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/lang"
	"forklings/checker/proc"
	"forklings/checker/result"
	"forklings/checker/script"

	"golang.org/x/sys/unix"
)

// Mistakes that the engine itself names, in every exercise.
const (
	Crashes     = "crashes"            // a started program panicked, or the Go runtime gave it up
	Storms      = "storms"             // more than 100 processes at once
	Floods      = "floods"             // more than 16 MiB of output
	Memory      = "fills-memory"       // more than 1 GiB of memory
	Disk        = "fills-disk"         // more than 256 MiB in files, or too many of them
	Descriptors = "hoards-descriptors" // as many open descriptors as a process may have
	EndsEarly   = "ends-early"         // the script goes on with a process that has ended, and names no mistake for that
)

// fail makes the verdict of a line whose facts did not come to hold.
func (s *stage) fail(l script.Line, w why) error {
	if s.unclear != nil {
		return s.unclear
	}
	w = s.excessive(w)
	v := &result.Scenario{Status: result.Fail, Because: s.Lang.Say(w.Words), Expected: s.expected(l, w), Actual: s.actual(l)}
	named := s.mistake(l, w)
	v.Mistake = named.Mistake
	if s.detail != "" {
		v.Because = s.Lang.Sprintf("%s: %s", v.Because, s.detail)
	}
	switch w {
	case lost, scarce, cancelled:
		v.Status, v.Mistake = result.Error, ""
	case timeout:
		v.Status = result.Timeout
	case stuck:
		if (s.byName[l.Name] != nil || l.Name == script.Everybody) && !s.anyHeld() {
			v.Status = result.Deadlock
		}
		waits := s.whoWaits()
		switch {
		case v.Status != result.Deadlock: // somebody is held, and could go on
			v.Because = s.Lang.Text("nothing moves any more, and it has not come to that")
		case waits == "" && s.naps():
			v.Because = s.Lang.Text("nothing can move any more: every process that is left sleeps, and only a timer that is far ahead can wake one")
		case waits == "":
			v.Because = s.Lang.Text("nothing can move any more: every process that is left sleeps, and nobody can wake it")
		}
		if waits != "" {
			v.Because = s.Lang.Sprintf("%s: %s", v.Because, waits)
		}
	}
	v.Output = s.output()
	s.decides(l, named, w)
	s.verdict = v
	return errors.New(v.Actual)
}

// naps reports whether somebody sleeps with a timer.
func (s *stage) naps() bool {
	return slices.ContainsFunc(s.last.Tasks, func(t proc.Task) bool { return t.PID != s.box.Inner() && t.Nap > 0 && !t.Sysmon })
}

// missed is why a process cannot be told anything: it has ended too early, or an earlier line should have waited for it.
func (s *stage) missed(name string, otherwise error) error {
	if p := s.byName[name]; p == nil || !p.over() {
		return otherwise
	}
	return s.fail(script.Line{Name: name, Facts: []script.Fact{{Verb: "alive"}}, Elses: []script.Else{{Mistake: EndsEarly}}}, over)
}

// expected says what the line asks for. What may lapse is read when nothing moves, and it may be that alone which never came.
func (s *stage) expected(l script.Line, w why) string {
	said := l.Expected(s.Lang)
	if (w == busyWork || w == timeout) && slices.ContainsFunc(l.Facts, func(f script.Fact) bool { return f.Verb != "asleep" && s.holds(l.Name, f, false) }) {
		return s.Lang.Text("every process comes to rest")
	}
	return said
}

func (s *stage) anyAlive() bool {
	return slices.ContainsFunc(s.cast, func(p *process) bool { return p.state() == alive })
}

// anyHeld: the script holds somebody, so it is not the processes alone that keep each other waiting.
func (s *stage) anyHeld() bool {
	return slices.ContainsFunc(s.cast, func(p *process) bool { return len(p.holds) > 0 })
}

// mistake picks the name of what went wrong, with the condition under which the line gives it.
func (s *stage) mistake(l script.Line, w why) script.Else {
	switch w {
	case flood:
		return script.Else{Mistake: Floods}
	case memory:
		return script.Else{Mistake: Memory}
	case disk:
		return script.Else{Mistake: Disk}
	case storm:
	default:
		if s.hoards() {
			return script.Else{Mistake: Descriptors}
		}
	}
	for _, e := range l.Elses {
		if w == storm && (e.If == nil || e.If.Verb != "storm") {
			continue
		}
		if e.If != nil && s.condition(e, w) {
			if e.If.Verb == "ended" && s.crashed(e.Name) {
				return script.Else{Mistake: s.crash(e.Name)} // it is said more exactly so
			}
			return e
		}
	}
	if w == storm {
		return script.Else{Mistake: Storms}
	}
	for _, p := range s.cast {
		if s.crashed(p.name) {
			return script.Else{Mistake: s.crash(p.name)}
		}
	}
	return l.Elses[len(l.Elses)-1]
}

// crashed: a Go program that panics, or that the runtime gives up, says so and exits 2. Where the script
// wants that, it is no mistake.
func (s *stage) crashed(name string) bool {
	p := s.byName[name]
	if p == nil || !p.started || !p.reaped || !p.status.Exited() || p.status.ExitStatus() != 2 || s.script.Expects(name, "exited", "2") {
		return false
	}
	err := s.stream(name, "stderr")
	return strings.Contains(err, "panic: ") || strings.Contains(err, "fatal error: ")
}

// crash tells a program that was refused memory, or a descriptor, from one that is wrong in another way.
func (s *stage) crash(name string) string {
	said := s.stream(name, "stderr")
	switch {
	case strings.Contains(said, "out of memory"), strings.Contains(said, unix.ENOMEM.Error()):
		return Memory
	case strings.Contains(said, unix.EMFILE.Error()):
		return Descriptors
	}
	return Crashes
}

// actual says what was seen instead: first what the line asked about, then everybody.
func (s *stage) actual(l script.Line) string {
	var seen []string
	add := func(text string) {
		if text != "" && !slices.Contains(seen, text) {
			seen = append(seen, text)
		}
	}
	for _, f := range l.Facts {
		add(s.observe(l.Name, f))
	}
	if l.Facts[0].Verb != "linearizable" { // that is about an object, not about a process
		add(s.describe(l.Name))
	}
	const others = 4
	for i, p := range s.cast {
		if i > others {
			add("…")
			break
		}
		if p.name != l.Name {
			add(s.describe(p.name))
		}
	}
	return strings.Join(seen, s.Lang.Text("; "))
}

// observe says what was seen of what the fact asks about, where that is more than how the process is.
func (s *stage) observe(name string, f script.Fact) string {
	if f.Verb == "linearizable" {
		return s.linearizable(name, f.Args)
	}
	p := s.byName[name]
	if p == nil {
		return ""
	}
	switch f.Verb {
	case "says":
		said, ok := p.says[f.Args[0]]
		switch {
		case !ok:
			return s.Lang.Sprintf("%s has not answered %s", name, f.Args[0])
		case strings.HasPrefix(f.Args[1], "pid:"):
			return s.Lang.Sprintf("%s answers %s: %s, and %s", name, f.Args[0], s.quoted(said), s.owner(said, f.Args[1][4:]))
		case strings.HasPrefix(f.Args[1], "exe:"):
			return s.Lang.Sprintf("%s answers %s: %s, and %s runs %s", name, f.Args[0], s.quoted(said), f.Args[1][4:], s.value(f.Args[1:]))
		}
		return s.Lang.Sprintf("%s answers %s: %s", name, f.Args[0], s.quoted(said))
	case "printed":
		lines := s.lines(name, "stdout")
		if len(lines) == 0 {
			return s.Lang.Sprintf("%s has printed nothing", name)
		}
		return s.Lang.Sprintf("%s has printed %s", name, s.telling(lines, f))
	case "reported", "mentioned":
		text := strings.TrimSpace(s.stream(name, "stderr"))
		if text == "" {
			return s.Lang.Sprintf("%s has reported nothing on standard error", name)
		}
		return s.Lang.Sprintf("%s has reported %s", name, s.telling(strings.Split(text, "\n"), f))
	case "apart":
		q := s.byName[f.Args[0]]
		if q == nil {
			return ""
		}
		return s.Lang.Sprintf("both were there at the same time: %s", s.interleaved(p, q, f.Args[1:]))
	case "order":
		return s.Lang.Sprintf("%s came to: %s", name, strings.Join(only(p.sequence, f.Args), " "))
	case "passed", "before":
		if p.reached[f.Args[0]] && p.heldAt(f.Args[0]) < 0 {
			return s.Lang.Sprintf("%s has come to %s", name, f.Args[0])
		}
	case "child-of", "adopted":
		if p.state() == gone {
			return "" // it has no parent any more
		}
		return s.Lang.Sprintf("the parent of %s is %s", name, s.owner(strconv.Itoa(s.parent(p)), ""))
	case "children":
		n := len(s.children(p))
		if n == 1 {
			return s.Lang.Sprintf("%s has 1 child", name)
		}
		return s.Lang.Sprintf("%s has %d children", name, n)
	case "descendants":
		n := len(proc.Descendants(s.proc.Processes(), p.pid))
		if n == 1 {
			return s.Lang.Sprintf("%s has 1 descendant", name)
		}
		return s.Lang.Sprintf("%s has %d descendants", name, n)
	case "open", "descriptors":
		open, said := s.descriptors(p), lang.Mark("%s has open: %s")
		if f.Verb == "descriptors" { // where those that are asked for are open, the others are the fact
			others := maps.Clone(open)
			for _, a := range f.Args {
				n, _ := strconv.Atoi(a)
				delete(others, n)
			}
			if len(others) > 0 && len(others)+len(f.Args) == len(open) {
				open, said = others, lang.Mark("%s has open beside those: %s")
			}
		}
		var each []string
		for _, n := range slices.Sorted(maps.Keys(open)) {
			to := strings.TrimPrefix(open[n], s.work+"/")
			if len(each) == 12 { // a leak shows in fewer
				each = append(each, "…")
				break
			}
			each = append(each, fmt.Sprintf("%d → %s", n, to))
		}
		return s.Lang.Say(said, name, strings.Join(each, s.Lang.Text(", ")))
	}
	return ""
}

// interleaved is the order in which two processes came to these points.
func (s *stage) interleaved(p, q *process, points []string) string {
	at := map[int]string{}
	for _, who := range []*process{p, q} {
		for i, point := range who.sequence {
			if slices.Contains(points, point) {
				at[who.moments[i]] = s.Lang.Sprintf("%s came to %s", who.name, point)
			}
		}
	}
	var said []string
	for _, moment := range slices.Sorted(maps.Keys(at)) {
		said = append(said, at[moment])
	}
	return s.clauses(said)
}

// owner names the process that a PID belongs to, or the one that was asked for. What is no process's number belongs to nobody.
func (s *stage) owner(pid, asked string) string {
	n, err := strconv.Atoi(pid)
	p := s.byName[asked]
	if (err != nil || n <= 0) && p != nil {
		return s.Lang.Sprintf("%s has PID %d", asked, p.pid)
	}
	who := s.Lang.Text("none of the scenario's processes")
	if err == nil {
		who = s.whose(n, asked)
	}
	switch {
	case asked == "":
		return who
	case p != nil:
		return s.Lang.Sprintf("%s has PID %d; %s is %s", asked, p.pid, pid, who)
	}
	return s.Lang.Sprintf("%s is %s", pid, who)
}

// whose names what has this number: a process, a thread, or one that the tracer has seen.
func (s *stage) whose(n int, asked string) string {
	if p := s.byPID[n]; p != nil && asked != "" {
		return s.Lang.Sprintf("the PID of %s", p.name)
	} else if p != nil {
		return p.name
	}
	if n == s.box.Inner() {
		return s.Lang.Text("the scenario's supervisor")
	}
	for _, p := range s.cast {
		if p.state() == alive && s.proc.Thread(p.pid, n) {
			return s.Lang.Sprintf("a thread of %s", p.name)
		}
	}
	if command := s.proc.Command(n); command != "" {
		return s.Lang.Sprintf("a process that has told no name, and runs as %s", command)
	}
	if command := s.traced.command(n); command != "" {
		return s.Lang.Sprintf("a process that has ended, and ran as %s", command)
	}
	return s.Lang.Text("none of the scenario's processes")
}

// clauses joins what is told one after the other.
func (s *stage) clauses(said []string) (all string) {
	for i, one := range said {
		if i == 0 {
			all = one
		} else {
			all = s.Lang.Sprintf("%s, %s", all, one)
		}
	}
	return all
}

// telling are the lines of an output in a row. What is longer than a sentence can be keeps the line that the fact is about, and
// the beginnings of the others; the output itself is shown below the sentence.
func (s *stage) telling(lines []string, f script.Fact) string {
	const most, each = 200, 40
	row := strings.Join(lines, " / ")
	if len([]rune(row)) <= most {
		return script.Quoted(row)
	}
	about := strings.Join(f.Args, " ")
	if i := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, about) }); f.Not && i >= 0 {
		return s.quoted(lines[i])
	}
	var short []string
	for _, line := range lines {
		if r := []rune(line); len(r) > each {
			line = string(r[:each]) + "…"
		}
		short = append(short, line)
	}
	return s.quoted(strings.Join(short, " / "))
}

// quoted is a text of a program's in a sentence, shortened.
func (s *stage) quoted(text string) string { return script.Quoted(cut(s.Lang, text, 200)) }

// end takes the sandbox down. When it cannot be proved that nothing is left, whoever still runs one of the
// scenario's programs is hunted down by its executable, and that is an error all the same.
func (s *stage) end() error {
	err := s.box.End()
	if err == nil {
		return nil
	}
	for range 100 {
		pids := running(filepath.Dir(s.bin))
		if len(pids) == 0 {
			break
		}
		for _, pid := range pids {
			unix.Kill(pid, unix.SIGSTOP)
		}
		for _, pid := range pids {
			unix.Kill(pid, unix.SIGKILL)
		}
	}
	return err
}
