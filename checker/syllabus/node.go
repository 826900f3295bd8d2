package syllabus

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"forklings/checker/kit"
	"forklings/checker/lang"

	"go.yaml.in/yaml/v3"
)

// reader goes through a course file, and collects everything that is wrong with it.
type reader struct {
	kit      *kit.Kit
	chapters []kit.Chapter
	file     string
	lang     lang.Lang
	wrong    []problem
}

type problem struct {
	line int
	text string
}

// problem notes what is wrong at a node, in the reader's language.
func (r *reader) problem(n *yaml.Node, text string) {
	r.wrong = append(r.wrong, problem{n.Line, text})
}

// err is everything that is wrong, line by line.
func (r *reader) err() error {
	if len(r.wrong) == 0 {
		return nil
	}
	slices.SortStableFunc(r.wrong, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	var lines []string
	for _, p := range r.wrong {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", r.file, p.line, p.text))
	}
	return errors.New(strings.Join(lines, "\n"))
}

// each goes through a mapping's keys.
func (r *reader) each(n *yaml.Node, what string, do func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.problem(n, r.lang.Sprintf("%s: keys with their values are wanted, such as \"points: 10\", indented below it", what))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name := key.Value
		switch first, twice := seen[name]; {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!merge":
			r.problem(key, r.lang.Sprintf("%s: a plain name is wanted as a key", what))
		case twice:
			r.problem(key, r.lang.Sprintf("%q stands here for the second time, first in line %d: keep one", name, first))
		case value.Tag == "!!null":
			r.problem(key, r.lang.Sprintf("%q has no value: give it one, or take the line out", name))
		default:
			do(key, value)
		}
		seen[name] = key.Line
	}
}

// fields goes through a mapping whose keys are these.
func (r *reader) fields(n *yaml.Node, what string, known map[string]func(*yaml.Node)) {
	r.each(n, what, func(key, value *yaml.Node) {
		if take, ok := known[key.Value]; ok {
			take(value)
			return
		}
		var names []string
		for name := range known {
			names = append(names, name)
		}
		slices.Sort(names)
		r.problem(key, r.lang.Sprintf("%s: no key %q%s; there are %s", what, key.Value, r.meant(key.Value, names), strings.Join(names, ", ")))
	})
}

// meant asks whether the nearest of the names was meant, if one is near.
func (r *reader) meant(name string, names []string) string {
	best, slips := "", 0
	for _, n := range names {
		d := kit.Distance(strings.ToLower(name), strings.ToLower(n))
		if d <= max(1, len(n)/3) && (best == "" || d < slips) {
			best, slips = n, d
		}
	}
	if best == "" {
		return ""
	}
	return r.lang.Sprintf(" (did you mean %s?)", best)
}

func (r *reader) text(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
			r.problem(n, r.lang.Text("a text is wanted"))
			return
		}
		*to = strings.TrimSpace(n.Value)
	}
}

// mostPoints is more than any gradebook takes, and few enough for every sum.
const mostPoints = 1_000_000

var whole = regexp.MustCompile(`^[0-9]+$`)

func (r *reader) number(to **int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || !whole.MatchString(n.Value) || err != nil || v > mostPoints {
			r.problem(n, r.lang.Sprintf("a whole number from 0 to %d is wanted, not %s", mostPoints, shown(n)))
			return
		}
		*to = &v
	}
}

func (r *reader) yes(to **bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v := slices.Contains([]string{"yes", "true"}, n.Value)
		if n.Kind != yaml.ScalarNode || !v && !slices.Contains([]string{"no", "false"}, n.Value) {
			r.problem(n, r.lang.Sprintf("yes or no is wanted, not %s", shown(n)))
			return
		}
		*to = &v
	}
}

func (r *reader) duration(to *time.Duration) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d, err := time.ParseDuration(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || d < time.Second || d > math.MaxInt32*time.Second {
			r.problem(n, r.lang.Sprintf("a time from 1s is wanted, such as 90s or 2m, not %s", shown(n)))
			return
		}
		*to = d
	}
}

// parts is all, nothing, or a list of parts.
func (r *reader) parts(to **Parts) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var sum Parts
		words := []*yaml.Node{n}
		if n.Kind == yaml.SequenceNode {
			words = n.Content
		}
		names := []string{"all", "nothing"}
		for _, p := range partNames {
			names = append(names, p.name)
		}
		for _, w := range words {
			i := slices.IndexFunc(partNames, func(p struct {
				name string
				part Parts
			}) bool {
				return p.name == w.Value
			})
			switch {
			case w.Kind == yaml.ScalarNode && i >= 0:
				sum |= partNames[i].part
			case w.Kind == yaml.ScalarNode && w.Value == "all" && w == n:
				sum = All
			case w.Kind == yaml.ScalarNode && w.Value == "nothing" && w == n:
			default:
				r.problem(w, r.lang.Sprintf("show: no part %s%s; it is all, nothing, or a list such as [mistake, hint] of %s",
					shown(w), r.meant(w.Value, names), strings.Join(names[2:], ", ")))
			}
		}
		*to = &sum
	}
}

// shown is a value as it stands in the file, cut short.
func shown(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "[…]"
	case yaml.MappingNode:
		return "{…}"
	}
	text := []rune(n.Value)
	if len(text) > 40 {
		text = append(text[:40], '…')
	}
	return strconv.Quote(string(text))
}
