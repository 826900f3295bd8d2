// Package hints reads hints.md: three tiers of help for a start, and for every mistake a scenario can name.
//
//	# Hints
//
//	## start
//
//	1. A question.
//	2. The concept, with its man page.
//	3. Nearly the code:
//
//	       child.Wait()
//
//	## returns-early
//	...
//
// A tier is an item of an ordered list. Its further lines are indented by three spaces, and a code block in it
// by seven; blank lines inside a tier are kept.
package hints

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Start is the heading of the hints for somebody who has not begun.
const Start = "start"

// Count is how many tiers every section has.
const Count = 3

// Hints are the sections of one hints.md. The zero value holds none.
type Hints struct {
	order []string
	tiers map[string][]string
}

// Mistakes are the mistakes that have hints, in the file's order; start is not among them.
func (h Hints) Mistakes() []string {
	return slices.DeleteFunc(slices.Clone(h.order), func(name string) bool { return name == Start })
}

// Tiers are the hints for a mistake, or for Start, from a question to nearly the code, each as Markdown
// without its number. For a mistake without hints there are none.
func (h Hints) Tiers(mistake string) []string { return slices.Clone(h.tiers[mistake]) }

// An Error says what is wrong with a hints.md, and in which line.
type Error struct {
	Line int
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// name and item are compiled when hints are read: the many processes that are no reader have no need of them.
var (
	name = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`) })
	item = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9]+)\.(?:\s+(.*))?$`) })
)

// Parse reads a hints.md. What does not follow the form is an *Error: text outside a tier, a section with
// other than three tiers, a heading that is there twice, no start.
func Parse(data []byte) (Hints, error) {
	p := parser{hints: Hints{tiers: map[string][]string{}}}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	for i, line := range strings.Split(text, "\n") {
		p.line = i + 1
		if err := p.read(strings.TrimRight(line, " \t")); err != nil {
			return Hints{}, err
		}
	}
	if err := p.endSection(); err != nil {
		return Hints{}, err
	}
	if !p.titled {
		return Hints{}, &Error{1, `the file is empty; it begins with "# Hints"`}
	}
	if p.hints.tiers[Start] == nil {
		return Hints{}, &Error{p.line, `no section "## start"`}
	}
	return p.hints, nil
}

type parser struct {
	hints   Hints
	titled  bool
	section string // the open one
	opened  int    // its line
	tiers   []string
	line    int
	blank   bool // the line before was
}

func (p *parser) read(line string) error {
	blank := p.blank
	p.blank = line == ""
	switch found := item().FindStringSubmatch(line); {
	case line == "":
		if n := len(p.tiers); n > 0 {
			p.tiers[n-1] += "\n"
		}
		return nil
	case strings.HasPrefix(line, "## "):
		return p.beginSection(strings.TrimSpace(line[3:]))
	case strings.HasPrefix(line, "# ") && !p.titled:
		p.titled = true
		return nil
	case !p.titled:
		return &Error{p.line, `text before the title; the file begins with "# Hints"`}
	case found != nil && p.section != "":
		return p.beginTier(found[1], found[2])
	case len(p.tiers) == 0:
		return &Error{p.line, "text outside a tier"}
	case line[0] != ' ' && line[0] != '\t' && (blank || line[0] == '#'):
		return &Error{p.line, "text outside a tier; indent it by three spaces if it belongs to the tier above"}
	}
	p.tiers[len(p.tiers)-1] += "\n" + dedent(line)
	return nil
}

func (p *parser) beginSection(heading string) error {
	if !p.titled {
		return &Error{p.line, `a section before the title; the file begins with "# Hints"`}
	}
	if err := p.endSection(); err != nil {
		return err
	}
	if !name().MatchString(heading) {
		return &Error{p.line, fmt.Sprintf("%q is not the name of a mistake: small letters, digits and hyphens", heading)}
	}
	if p.hints.tiers[heading] != nil {
		return &Error{p.line, fmt.Sprintf("a second section %q", heading)}
	}
	p.section, p.opened, p.tiers = heading, p.line, nil
	return nil
}

func (p *parser) endSection() error {
	if p.section == "" {
		return nil
	}
	if len(p.tiers) != Count {
		return &Error{p.opened, fmt.Sprintf("section %q has %d tiers; it needs exactly %d", p.section, len(p.tiers), Count)}
	}
	for i := range p.tiers {
		p.tiers[i] = strings.TrimRight(p.tiers[i], "\n")
		if p.tiers[i] == "" {
			return &Error{p.opened, fmt.Sprintf("tier %d of section %q is empty", i+1, p.section)}
		}
	}
	p.hints.order = append(p.hints.order, p.section)
	p.hints.tiers[p.section] = p.tiers
	p.section, p.tiers = "", nil
	return nil
}

func (p *parser) beginTier(number, text string) error {
	if want := fmt.Sprint(len(p.tiers) + 1); number != want {
		return &Error{p.line, fmt.Sprintf("tier %s of section %q where %s is due", number, p.section, want)}
	}
	p.tiers = append(p.tiers, text)
	return nil
}

// dedent takes away what belongs to the list, not to the tier: three spaces, or a tab.
func dedent(line string) string {
	if line[0] == '\t' {
		return line[1:]
	}
	for range len("1. ") {
		line = strings.TrimPrefix(line, " ")
	}
	return line
}
