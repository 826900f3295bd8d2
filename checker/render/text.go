// Package render shows a result: each form is a pure function of it.
package render

import (
	"fmt"
	"io"
	"strings"

	"forklings/checker/result"
)

// Style is how text is shown.
type Style struct {
	Color bool
	Width int  // columns; 0: 80
	Full  bool // every failed scenario of an exercise, not the first only
}

// Text writes every exercise with its verdict, its first failed scenario in full, and the score.
func Text(w io.Writer, r *result.Result, style Style) error {
	p := printer{w: w, Style: style}
	for _, e := range r.Exercises {
		p.exercise(e)
	}
	p.line("")
	p.line("%s", p.bold(fmt.Sprintf("%d of %d points", r.Score, r.MaxScore)))
	return p.err
}

// Exercise writes one exercise's verdict.
func Exercise(w io.Writer, e result.Exercise, style Style) error {
	p := printer{w: w, Style: style}
	p.exercise(e)
	return p.err
}

type printer struct {
	Style
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) exercise(e result.Exercise) {
	score := ""
	if e.Status == result.Pass || e.Status == result.Fail {
		score = fmt.Sprintf("%d of %d", e.Score, e.MaxScore)
	}
	p.line("%s  %-20s %s", p.status(e.Status), e.Name, score)
	if e.Message != "" {
		p.block("      ", "", e.Message, false)
	}
	if e.Status == result.Pass || e.Message != "" {
		for _, s := range e.Scenarios {
			if s.Status == result.Skip && s.Because != "" {
				p.block("      ", "", fmt.Sprintf("%s %s: %s", p.status(s.Status), s.Name, s.Because), false)
			}
		}
		return
	}
	first := true
	for _, s := range e.Scenarios {
		p.line("      %s %-20s %s", p.status(s.Status), s.Name, p.bold(s.Mistake))
	}
	for _, s := range e.Scenarios {
		if s.Status != result.Pass && s.Status != result.Skip && (first || p.Full) {
			p.scenario(s)
			first = false
		}
	}
}

// scenario shows what was proven, what was expected and what was seen, and where to read on.
func (p *printer) scenario(s result.Scenario) {
	p.line("")
	p.block("      ", "", fmt.Sprintf("%s:%d", s.File, s.Line), false)
	p.block("      ", "", s.Title, true)
	p.field("mistake", s.Mistake, true)
	p.field("expected", s.Expected, true)
	p.field("seen", s.Actual, true)
	p.field("because", s.Because, true)
	p.field("hint", s.Hint, false)
	p.field("output", strings.TrimRight(s.Output, "\n"), false)
}

func (p *printer) field(label, text string, fold bool) {
	if text != "" {
		p.block("        ", label, text, fold)
	}
}

// block writes a labelled text, indented; with fold, lines are broken at blanks.
func (p *printer) block(indent, label, text string, fold bool) {
	if label != "" {
		label = fmt.Sprintf("%-9s", label)
	}
	width := p.Width
	if width <= 0 {
		width = 80
	}
	room := max(width-len(indent)-len(label), 20)
	for i, line := range strings.Split(text, "\n") {
		lines := []string{line}
		if fold {
			lines = wrap(line, room)
		}
		for j, l := range lines {
			head := p.dim(label)
			if i > 0 || j > 0 {
				head = strings.Repeat(" ", len(label))
			}
			p.line("%s", strings.TrimRight(indent+head+l, " "))
		}
	}
}

func wrap(text string, room int) (lines []string) {
	var line string
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) <= room:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}

func (p *printer) status(s result.Status) string {
	color := map[result.Status]string{result.Pass: "32", result.Todo: "33", result.Skip: "2"}[s]
	if color == "" {
		color = "31"
	}
	return p.paint(color, fmt.Sprintf("%-8s", s))
}

func (p *printer) bold(s string) string { return p.paint("1", s) }
func (p *printer) dim(s string) string  { return p.paint("2", s) }

func (p *printer) paint(code, s string) string {
	if !p.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
