package script

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"forklings/checker/history"
	"forklings/checker/lang"

	"golang.org/x/sys/unix"
)

// Fact is one thing that can be true of a process, or with Not, its opposite.
type Fact struct {
	Not  bool
	Verb string   // "at", "before", "alive", ...
	Args []string // as Facts says
	Call bool     // at, behind a hold of this process: before a system call, and not at a point
}

// String gives the fact in the script's words.
func (f Fact) String() string {
	s := strings.Join(append([]string{f.Verb}, f.Args...), " ")
	if f.Not {
		return "not " + s
	}
	return s
}

// Lapses: the fact may stop being true by itself, so it is read when nothing can move. All other facts only
// ever become true, and are read at once. Both are the strict reading: "alive" right after somebody sent
// SIGKILL is still true.
func (f Fact) Lapses() bool { return f.Not || Facts[f.Verb].Lapses }

// Sentence says the fact of a process, for a reader.
func (f Fact) Sentence(l lang.Lang, name string) string {
	if name == Everybody && f.String() == "ended" {
		return l.Text("everybody has ended")
	}
	says, denied := Facts[f.Verb].Says, f.Not && Facts[f.Verb].Denies != lang.Words{}
	if denied {
		says = Facts[f.Verb].Denies
	}
	args := append([]string{}, f.Args...)
	if len(args) > 1 && Facts[f.Verb].rest {
		last := Facts[f.Verb].min - 1
		args = append(args[:last], strings.Join(args[last:], " "))
	}
	if f.Verb == "asleep" && len(args) == 2 {
		if says, args = lang.Mark("%s stays asleep in %s"), args[1:]; f.Not {
			says = lang.Mark("%s does not sleep in %s")
		}
	}
	if f.Call {
		if says = lang.Mark("%s is held before its next %s"); f.Not {
			says = lang.Mark("%s is not held before its next %s")
		}
	}
	switch f.Verb {
	case "says":
		args[1] = standsFor(l, args[1])
	case "printed", "reported", "mentioned":
		args[0] = Quoted(args[0])
	}
	all := []any{name}
	for _, a := range args {
		all = append(all, a)
	}
	s := l.Say(says, all...)
	if f.Not && !denied {
		return l.Sprintf("not so: %s", s)
	}
	return s
}

// standsFor says in words what an answer is compared with.
func standsFor(l lang.Lang, value string) string {
	if name, ok := strings.CutPrefix(value, "pid:"); ok {
		return l.Sprintf("the PID of %s", name)
	}
	if name, ok := strings.CutPrefix(value, "exe:"); ok {
		return l.Sprintf("the file that %s runs", name)
	}
	return Quoted(value)
}

// Quoted is a text of a program's in a sentence, so that one sees where it begins and ends. One with quotes in it stands
// between back quotes, as it is.
func Quoted(text string) string {
	if strings.ContainsAny(text, `"\`) && strconv.CanBackquote(text) {
		return "`" + text + "`"
	}
	return strconv.Quote(text)
}

// Word describes one fact of the language.
type Word struct {
	Args   string     // usage
	Says   lang.Words // a sentence, with the process's name and the arguments for %s
	Denies lang.Words // the opposite, where there is one in plain words
	Note   string     // for the reference
	Lapses bool
	IfOnly bool // stands only behind else ... if

	min, max int
	rest     bool // the last argument is the rest of the line
	check    func(args []string) error
}

// Facts is the vocabulary.
var Facts = map[string]Word{
	"at":           {Args: "POINT", Says: lang.Mark("%s is held at the point %s"), Denies: lang.Mark("%s is not held at the point %s"), Note: "held at the point until release", min: 1, max: 1},
	"before":       {Args: "POINT", Says: lang.Mark("%s has not come to %s yet"), Lapses: true, Note: "has not announced the point so far", min: 1, max: 1},
	"passed":       {Args: "POINT", Says: lang.Mark("%s has come to %s"), Denies: lang.Mark("%s has not come to %s"), Note: "has announced the point; names no point to hold at", min: 1, max: 1},
	"order":        {Args: "POINT...", Says: lang.Mark("%s came to these points in this order: %s"), Denies: lang.Mark("%s did not come to these points in this order: %s"), Note: "the points named were announced in this order, each of them once; names no points to hold at", min: 1, max: 99, rest: true},
	"alive":        {Says: lang.Mark("%s is alive"), Denies: lang.Mark("%s is not alive"), Lapses: true, Note: "runs, sleeps or is stopped; not a zombie"},
	"asleep":       {Args: "[in CALL]", Says: lang.Mark("%s stays asleep"), Denies: lang.Mark("%s does not sleep"), Lapses: true, Note: "nothing in the scenario can move, and the process is not held at a point; in CALL: one of its threads sleeps in that kind of call (read, write, wait, poll, futex, flock, ...)", max: 2, check: inCall},
	"idle":         {Says: lang.Mark("%s sleeps or naps"), Note: "since it was started or released it has come as far as it can without sleep: all its threads sleep, perhaps by a timer or held at a point; others may move"},
	"stopped":      {Says: lang.Mark("%s is stopped"), Lapses: true, Note: "state T: by SIGSTOP or another stop signal"},
	"state":        {Args: "LETTERS", Says: lang.Mark("%s is in state %s"), Lapses: true, Note: "proc_pid_stat(5); several letters: one of them", min: 1, max: 1},
	"zombie":       {Says: lang.Mark("%s is a zombie"), Denies: lang.Mark("%s is no zombie"), Lapses: true, Note: "has ended and has not been waited for"},
	"ended":        {Says: lang.Mark("%s has ended"), Denies: lang.Mark("%s has not ended"), Note: "waited for or not"},
	"gone":         {Says: lang.Mark("%s has ended and was waited for"), Denies: lang.Mark("%s has not gone: it runs, or nobody has waited for it"), Note: "nothing is left of it"},
	"exited":       {Args: "N", Says: lang.Mark("%s has exited %s"), Note: "of a started or an adopted process: ended by itself with this status", min: 1, max: 1, check: number},
	"killed":       {Args: "SIGNAL", Says: lang.Mark("%s was killed by %s"), Note: "of a started or an adopted process: ended by this signal", min: 1, max: 1, check: isSignal},
	"child-of":     {Args: "NAME", Says: lang.Mark("%s is a child of %s"), Denies: lang.Mark("%s is no child of %s"), Lapses: true, min: 1, max: 1},
	"adopted":      {Says: lang.Mark("%s was adopted: its parent has ended"), Denies: lang.Mark("%s was not adopted"), Note: "its parent is the scenario's supervisor, which did not start it"},
	"children":     {Args: "N", Says: lang.Mark("%s has %s children, zombies included"), Lapses: true, min: 1, max: 1, check: number},
	"descendants":  {Args: "N", Says: lang.Mark("%s has %s descendants, zombies included"), Lapses: true, min: 1, max: 1, check: number},
	"unseen":       {Says: lang.Mark("no process called %s has shown itself"), Denies: lang.Mark("a process called %s has shown itself"), Lapses: true},
	"overlaps":     {Args: "NAME", Says: lang.Mark("%s was alive at the same moment as %s"), Note: "both were seen alive when one of them announced a point", min: 1, max: 1},
	"apart":        {Args: "NAME FROM TO", Says: lang.Mark("%s and %s were never at the same time between %s and %s"), Lapses: true, Note: "whenever the one had come to FROM, and not yet to TO, the other was not between the two; names no points to hold at", min: 3, max: 3},
	"linearizable": {Args: "MODEL [ARG...]", Says: lang.Mark("some order of the calls explains what came back from %s (%s)"), Lapses: true, Note: "not of a process, but of an object that processes have told to share: each of their calls can have had its effect at one moment between its begin and its end; see below", min: 1, max: 9, rest: true, check: isModel},
	"says":         {Args: "KEY VALUE...", Says: lang.Mark("%s answers %s: %s"), Denies: lang.Mark("%s does not answer %s: %s"), Note: "the program's latest answer under this key; pid:NAME stands for that process's PID, exe:NAME for the path of its executable", min: 2, max: 99, rest: true},
	"printed":      {Args: "TEXT...", Says: lang.Mark("%s has printed the line %s"), Denies: lang.Mark("%s has not printed the line %s"), Note: "a line of its standard output is exactly this", min: 1, max: 99, rest: true},
	"reported":     {Args: "TEXT...", Says: lang.Mark("%s has reported the line %s"), Denies: lang.Mark("%s has not reported the line %s"), Note: "a line of its standard error is exactly this", min: 1, max: 99, rest: true},
	"mentioned":    {Args: "TEXT...", Says: lang.Mark("%s has mentioned %s on standard error"), Denies: lang.Mark("%s has not mentioned %s on standard error"), Note: "this stands somewhere in its standard error", min: 1, max: 99, rest: true},
	"open":         {Args: "FILE", Says: lang.Mark("%s has %s open"), Denies: lang.Mark("%s does not have %s open"), Lapses: true, Note: "one of its descriptors points to that file of the scenario's directory, whatever its number", min: 1, max: 1},
	"descriptors":  {Args: "N...", Says: lang.Mark("the open descriptors of %s are %s"), Lapses: true, Note: "exactly these; what the Go runtime and the sync point opened for themselves is left out", min: 1, max: 99, rest: true, check: numbers},
	"polling":      {Says: lang.Mark("%s keeps working, or waking up to look"), IfOnly: true, Note: "what ended the waiting: the process did not sleep until it was woken"},
	"napped":       {Says: lang.Mark("%s slept by a timer"), IfOnly: true, Note: "was seen in a sleep that a timer would end: a sleep in place of a wait"},
	"storm":        {Says: lang.Mark("%s and its relatives multiply without end"), IfOnly: true, Note: "what ended the waiting: too many processes"},
}

func inCall(args []string) error {
	if len(args) != 0 && (len(args) != 2 || args[0] != "in") {
		return fmt.Errorf("usage: asleep [in CALL]")
	}
	return nil
}

func isModel(args []string) error {
	_, err := history.Find(args[0], args[1:])
	return err
}

func number(args []string) error {
	if n, err := strconv.Atoi(args[0]); err != nil || n < 0 {
		return fmt.Errorf("%q is no number", args[0])
	}
	return nil
}

func numbers(args []string) error {
	for _, a := range args {
		if err := number([]string{a}); err != nil {
			return err
		}
	}
	return nil
}

func isSignal(args []string) error {
	if unix.SignalNum(args[0]) == 0 {
		return fmt.Errorf("%q is no signal: write it as SIGKILL", args[0])
	}
	return nil
}

func parseFact(words []string, behindIf bool) (f Fact, err error) {
	if len(words) > 0 && words[0] == "not" {
		f.Not, words = true, words[1:]
	}
	if len(words) == 0 {
		return f, fmt.Errorf("a fact is missing")
	}
	w, ok := Facts[words[0]]
	if !ok {
		return f, fmt.Errorf("no fact %q", words[0])
	}
	f.Verb, f.Args = words[0], words[1:]
	if n := len(f.Args); n < w.min || n > w.max {
		return f, fmt.Errorf("usage: %s %s", f.Verb, w.Args)
	}
	if w.IfOnly && !behindIf {
		return f, fmt.Errorf("%s stands only behind else MISTAKE if", f.Verb)
	}
	if w.check != nil {
		err = w.check(f.Args)
	}
	return f, err
}

var isMistake = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`).MatchString
