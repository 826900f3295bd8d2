package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"forklings/checker/lang"
)

// Line is a parsed await or check:
//
//	NAME FACT [or FACT]... else MISTAKE [if [NAME] FACT] [else MISTAKE...]
type Line struct {
	Name  string
	Facts []Fact
	Elses []Else
}

// Else names the mistake behind a line that fails; the first whose condition holds counts.
type Else struct {
	Mistake string
	Name    string // whom the condition is about
	If      *Fact  // nil: in any case
}

// Expected says in a sentence what the line wants.
func (l Line) Expected(in lang.Lang) string {
	var s []string
	for _, f := range l.Facts {
		s = append(s, f.Sentence(in, l.Name))
	}
	return strings.Join(s, in.Text(", or "))
}

// ParseLine parses what stands behind await or check.
func ParseLine(words []string) (l Line, err error) {
	if len(words) < 2 {
		return l, errors.New("usage: NAME FACT [or FACT]... else MISTAKE [if [NAME] FACT]...")
	}
	l.Name = words[0]
	parts := split(words[1:], "else")
	if l.Facts, err = parseFacts(parts[0]); err != nil {
		return l, err
	}
	l.Elses, err = parseElses(l.Name, parts[1:])
	return l, err
}

// ParseNeeds parses what stands behind needs: a line that names no mistake, and why the scenario is skipped.
func ParseNeeds(words []string) (l Line, why string, err error) {
	parts := split(words, "else")
	if len(parts) != 2 || len(parts[0]) < 2 || len(parts[1]) < 2 || parts[1][0] != "skip" {
		return l, "", errors.New("usage: NAME FACT [or FACT]... else skip WHY...")
	}
	l.Name = parts[0][0]
	if l.Facts, err = parseFacts(parts[0][1:]); err != nil {
		return l, "", err
	}
	for _, f := range l.Facts {
		if f.Lapses() {
			return l, "", fmt.Errorf("%s may lapse: what a machine allows is told by a fact that does not", f)
		}
	}
	return l, strings.Join(parts[1][1:], " "), nil
}

// Everybody is whom an explore is about.
const Everybody = "everybody"

// Explore is a parsed explore. Its line wants that everybody has ended.
type Explore struct {
	Line
	Gates []string // Gates has their names
	Kills []string // who is killed, once in each order
	Alike bool     // who was started in the same way can stand for each other
}

// Gates are the kinds of operations that processes can take turns at.
var Gates = []string{"files", "locks", "life", "points"}

// ParseExplore parses what stands behind explore.
func ParseExplore(words []string) (e Explore, err error) {
	parts := split(words, "else")
	kills := false
	for _, w := range parts[0] {
		switch {
		case kills:
			e.Kills = append(e.Kills, w)
		case w == "kills":
			kills = true
		case w == "alike":
			e.Alike = true
		case !slices.Contains(Gates, w):
			return e, fmt.Errorf("no gate %q; there are %s", w, strings.Join(Gates, ", "))
		default:
			e.Gates = append(e.Gates, w)
		}
	}
	if len(e.Gates) == 0 {
		return e, errors.New("usage: GATE... [alike] [kills NAME] else MISTAKE [if [NAME] FACT]...")
	}
	e.Line = Line{Name: Everybody, Facts: []Fact{{Verb: "ended"}}}
	e.Elses, err = parseElses(Everybody, parts[1:])
	return e, err
}

// parseFacts parses FACT [or FACT]...
func parseFacts(words []string) (facts []Fact, err error) {
	for _, w := range split(words, "or") {
		f, err := parseFact(w, false)
		if err != nil {
			return nil, err
		}
		facts = append(facts, f)
	}
	return facts, nil
}

func parseElses(name string, parts [][]string) (elses []Else, err error) {
	for i, p := range parts {
		e, err := parseElse(name, p)
		if err != nil {
			return nil, err
		}
		if (e.If == nil) != (i == len(parts)-1) {
			return nil, errors.New("the last else, and only the last, is without if")
		}
		elses = append(elses, e)
	}
	if len(elses) == 0 {
		return nil, errors.New("no else: every line that can fail names the mistake that this means")
	}
	return elses, nil
}

func parseElse(name string, p []string) (e Else, err error) {
	if len(p) == 0 || !isMistake(p[0]) {
		return e, errors.New("else without a mistake, written like-this")
	}
	e = Else{Mistake: p[0], Name: name}
	if len(p) == 1 {
		return e, nil
	}
	if p[1] != "if" {
		return e, fmt.Errorf("%q after the mistake", p[1])
	}
	words := p[2:]
	if len(words) > 1 && words[0] != "not" {
		if _, isFact := Facts[words[0]]; !isFact {
			e.Name, words = words[0], words[1:]
		}
	}
	f, err := parseFact(words, true)
	e.If = &f
	return e, err
}

func split(words []string, at string) (parts [][]string) {
	for {
		i := slices.Index(words, at)
		if i < 0 {
			return append(parts, words)
		}
		parts = append(parts, words[:i])
		words = words[i+1:]
	}
}
