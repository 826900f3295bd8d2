// Package script is the language of the scenarios: what can be said in one, and nothing of how it is played.
//
// A script is a txtar file. Its first comment says in a sentence what it shows. Every other line is a verb of
// Verbs, or a comment that says what the next lines show.
package script

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"forklings/checker/lang"
)

// Verb describes one verb of the language.
type Verb struct{ Args, Says string }

// Verbs are all that a scenario is written in.
var Verbs = map[string]Verb{
	"start":   {"NAME ROLE [ARG...]", "runs the exercise's program in that role, with a file for its output; the argument pid:NAME stands for that process's PID, and time:300ms for a duration that grows where within asks for it"},
	"within":  {"TIME NAME", "wants NAME's last release to be no longer ago than TIME, such as time:300ms; where it is, the machine is slow, and the scenario is played again with four times as long times"},
	"release": {"NAME [POINT]", "lets the process go on from the point it is held at"},
	"hold":    {"NAME CALL", "holds the process before its next system call of a kind, about a file in the scenario's folder, as at a point of that name: create (a file, a link or a folder, or by a new name), open (what is there), lock or truncate"},
	"signal":  {"NAME SIGNAL", "sends a signal, as somebody outside would"},
	"reuse":   {"NAME", "gives the PID of a process that is gone to the next one that the script starts"},
	"protect": {"NAME", "lets nobody signal the process any more, as if it belonged to another user: kill says EPERM"},
	"busy":    {"NAME", "declares a process that works without pause by design: the others may be at rest beside it"},
	"explore": {"GATE... [alike] [kills NAME] else MISTAKE [if [NAME] FACT]...", "lets everybody go on from where they are held, one at a time, until all have ended, and plays the scenario again in one order after the other; see below"},
	"needs":   {"NAME FACT [or FACT]... else skip WHY...", "reads facts that do not lapse; where none of them holds, this machine does not allow what follows, and the scenario ends without a verdict"},
	"await":   {"NAME FACT [or FACT]... else MISTAKE [if [NAME] FACT]...", "waits until one of the facts holds; a wait that nobody can fulfil any more ends at once"},
	"check":   {"NAME FACT [or FACT]... else MISTAKE [if [NAME] FACT]...", "reads the facts now; facts that may lapse, when everything is at rest"},
}

// Held are the kinds of system calls that a process can be held before.
var Held = []string{"create", "open", "lock", "truncate"}

// Command is one line of a script that does something.
type Command struct {
	Number int // the line's, from 1
	Verb   string
	Args   []string
	Line   Line // of await, check, needs and explore
}

// Script is a parsed scenario.
type Script struct {
	Titles   lang.Texts // what the scenario shows, in a sentence
	Commands []Command
}

// Parse reads a script. The error names the line.
func Parse(text string) (s Script, err error) {
	body, _, _ := strings.Cut("\n"+text, "\n-- ")
	s.Titles = Titles(text)
	for i, line := range strings.Split(strings.TrimPrefix(body, "\n"), "\n") {
		words, err := fields(line)
		if err != nil {
			return s, fmt.Errorf("line %d: %w", i+1, err)
		}
		switch {
		case len(words) == 0, strings.HasPrefix(words[0], "#"):
			continue
		}
		c := Command{Number: i + 1, Verb: words[0], Args: words[1:]}
		if c.Line, err = c.parse(); err != nil {
			return s, fmt.Errorf("line %d: %w", i+1, err)
		}
		s.Commands = append(s.Commands, c)
	}
	s.markHeld()
	if s.Titles[lang.English] == "" {
		return s, fmt.Errorf("line 1: the first comment must say in a sentence what the scenario shows")
	}
	if len(s.Commands) == 0 {
		return s, fmt.Errorf("the script does nothing")
	}
	return s, nil
}

// markHeld marks the facts that are about where a hold keeps a process: that is no point of the program.
func (s Script) markHeld() {
	held := map[string]bool{} // by process and kind of call
	mark := func(name string, f *Fact) { f.Call = f.Verb == "at" && held[name+" "+f.Args[0]] }
	for _, c := range s.Commands {
		if c.Verb == "hold" {
			held[c.Args[0]+" "+c.Args[1]] = true
		}
		for i := range c.Line.Facts {
			mark(c.Line.Name, &c.Line.Facts[i])
		}
		for _, e := range c.Line.Elses {
			if e.If != nil {
				mark(e.Name, e.If)
			}
		}
	}
}

// Titles are what a script says of itself in the comment that it begins with, in one line for each language. A line that begins
// with a language's name, as in "# zh: ", begins that language's title.
func Titles(text string) lang.Texts {
	titles, l := lang.Texts{}, lang.English
	for line := range strings.Lines(strings.TrimLeft(strings.TrimPrefix(text, "\ufeff"), " \t\r\n")) {
		said, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
		if said = strings.TrimSpace(said); !ok || said == "" {
			break
		}
		for _, other := range lang.All[1:] {
			if rest, ok := strings.CutPrefix(said, string(other)+":"); ok {
				l, said = other, strings.TrimSpace(rest)
			}
		}
		titles[l] = strings.TrimSpace(titles[l] + " " + said)
	}
	return titles
}

func (c Command) parse() (l Line, err error) {
	n := len(c.Args)
	ok := true
	switch c.Verb {
	case "start":
		ok = n >= 2
	case "release":
		ok = n == 1 || n == 2
	case "hold":
		if ok = n == 2; ok && !slices.Contains(Held, c.Args[1]) {
			err = fmt.Errorf("no call %q; there are %s", c.Args[1], strings.Join(Held, ", "))
		}
	case "busy", "reuse", "protect":
		ok = n == 1
	case "signal":
		if ok = n == 2; ok {
			err = isSignal(c.Args[1:])
		}
	case "within":
		if ok = n == 2; ok {
			_, err = Time(c.Args[0])
		}
	case "await", "check":
		return ParseLine(c.Args)
	case "needs":
		l, _, err := ParseNeeds(c.Args)
		return l, err
	case "explore":
		e, err := ParseExplore(c.Args)
		return e.Line, err
	default:
		return l, fmt.Errorf("no verb %q", c.Verb)
	}
	if !ok {
		return l, fmt.Errorf("usage: %s %s", c.Verb, Verbs[c.Verb].Args)
	}
	return l, err
}

// Points are the points that the script names for a process, as "NAME POINT": there it is held until it is
// released. All other points let a process pass, so what a script does not speak about it need not release.
func (s Script) Points() map[string]bool {
	points := map[string]bool{}
	name := func(who string, f Fact) {
		if f.Verb == "at" || f.Verb == "before" {
			points[who+" "+f.Args[0]] = true
		}
	}
	for _, c := range s.Commands {
		if c.Verb == "release" && len(c.Args) == 2 {
			points[c.Args[0]+" "+c.Args[1]] = true
		}
		for _, f := range c.Line.Facts {
			name(c.Line.Name, f)
		}
		for _, e := range c.Line.Elses {
			if e.If != nil {
				name(e.Name, *e.If)
			}
		}
	}
	return points
}

// Mistakes are the names that the script's else clauses use, in order.
func (s Script) Mistakes() (names []string) {
	for _, c := range s.Commands {
		for _, e := range c.Line.Elses {
			if !slices.Contains(names, e.Mistake) {
				names = append(names, e.Mistake)
			}
		}
	}
	return names
}

// Uses reports whether some line has this verb.
func (s Script) Uses(verb string) bool {
	return slices.ContainsFunc(s.Commands, func(c Command) bool { return c.Verb == verb })
}

// Expects reports whether some line wants this fact of this process.
func (s Script) Expects(name, verb, arg string) bool {
	return slices.ContainsFunc(s.Commands, func(c Command) bool {
		return c.Line.Name == name && slices.ContainsFunc(c.Line.Facts, func(f Fact) bool {
			return f.Verb == verb && slices.Contains(f.Args, arg)
		})
	})
}

// Signal gives the signal of a name such as SIGSTOP; Parse has refused others.
func Signal(name string) unix.Signal { return unix.SignalNum(name) }

// Time reads an argument of the form time:300ms. The error says that it is none.
func Time(arg string) (time.Duration, error) {
	text, ok := strings.CutPrefix(arg, "time:")
	d, err := time.ParseDuration(text)
	if !ok || err != nil || d <= 0 {
		return 0, fmt.Errorf("%q is no time, such as time:300ms", arg)
	}
	return d, nil
}

// fields splits a line the way testscript does, as far as scenarios need it: at blanks, with single quotes,
// a doubled quote standing for one, and a comment from # on.
func fields(line string) (words []string, err error) {
	var word strings.Builder
	inWord, quoted := false, false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quoted && c == '\'' && i+1 < len(line) && line[i+1] == '\'':
			word.WriteByte(c)
			i++
		case c == '\'':
			quoted, inWord = !quoted, true
		case quoted:
			word.WriteByte(c)
		case c == ' ' || c == '\t' || c == '\r':
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
		case c == '#' && !inWord:
			if len(words) == 0 {
				words = []string{"#"}
			}
			return words, nil
		case c == '$':
			return nil, fmt.Errorf("$ is not expanded here")
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if quoted {
		return nil, fmt.Errorf("a quote is not closed")
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}
