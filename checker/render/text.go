// Package render shows a result: each form is a pure function of it.
package render

import (
	"fmt"
	"io"
	"strings"

	"forklings/checker/lang"
	"forklings/checker/result"
)

// Style is how text is shown.
type Style struct {
	Lang  lang.Lang
	Color bool
	Width int  // columns; 0: 80
	All   bool // every failed scenario of an exercise, not the first only
	Full  bool // nothing is left out of a long timeline
}

// Text writes every exercise with its verdict, its first failed scenario in full, and the score.
func Text(w io.Writer, r *result.Result, style Style) error {
	p := printer{w: w, Style: style}
	for i, e := range r.Exercises {
		if i > 0 && p.long {
			p.line("")
		}
		p.long = false
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
	w    io.Writer
	err  error
	long bool // a scenario was shown in full
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, strings.TrimRight(fmt.Sprintf(format, args...), " ")+"\n")
	}
}

func (p *printer) exercise(e result.Exercise) {
	score := ""
	if e.Status == result.Pass || e.Status == result.Fail {
		score = fmt.Sprintf("%d of %d", e.Score, e.MaxScore)
	}
	p.line("%s  %-20s %s", p.status(e.Status), e.Name, score)
	if e.Message != "" {
		p.block(p.indent(), "", e.Message, exact)
	}
	if e.Status == result.Pass || e.Message != "" {
		for _, s := range e.Scenarios {
			if s.Status == result.Skip && s.Because != "" {
				p.block(p.indent(), "", fmt.Sprintf("%s %s: %s", p.status(s.Status), s.Name, s.Because), folded)
			}
		}
		return
	}
	longest := 0
	for _, s := range e.Scenarios {
		longest = max(longest, len(s.Name))
	}
	for _, s := range e.Scenarios {
		p.line("%s%s %-*s  %s", p.indent(), p.status(s.Status), longest, s.Name, p.bold(s.Mistake))
	}
	first := true
	for _, s := range e.Scenarios {
		if s.Status != result.Pass && s.Status != result.Skip && (first || p.All) {
			p.scenario(s)
			first, p.long = false, true
		}
	}
}

// scenario shows what was proven, what was expected and what was seen, and where to read on.
func (p *printer) scenario(s result.Scenario) {
	p.line("")
	p.block(p.indent(), "", fmt.Sprintf("%s:%d", s.File, s.Line), exact)
	p.block(p.indent(), "", s.Title, folded)
	p.field("mistake", s.Mistake, folded)
	p.field("expected", s.Expected, folded)
	p.field("seen", s.Actual, folded)
	p.field("because", s.Because, folded)
	if s.Replay != "" {
		p.field("again", "checker trace -replay "+s.Replay, folded)
	}
	p.field("output", strings.ReplaceAll(strings.TrimRight(s.Output, "\n"), "\t", "    "), anywhere)
	p.field("hint", s.Hint, markdown)
	p.timeline(s.Timeline)
	p.field("timeline", s.Untraced, folded)
}

func (p *printer) field(label, text string, how folding) {
	if text != "" {
		p.block(p.indent()+"  ", label, text, how)
	}
}

// columns are what there is room for.
func (p *printer) columns() int {
	if p.Width <= 0 {
		return 80
	}
	return p.Width
}

// indent is less where there is little room.
func (p *printer) indent() string {
	if p.columns() < 60 {
		return "  "
	}
	return "      "
}

// folding is how lines that are too long are treated.
type folding int

const (
	exact    folding = iota // left as they are, such as a compiler's, which a click opens
	folded                  // broken at blanks
	anywhere                // broken anywhere, on a terminal
	markdown                // paragraphs are filled anew; code is left as it is
)

// block writes a labelled text, indented.
func (p *printer) block(indent, label, text string, how folding) {
	if label != "" {
		label = fmt.Sprintf("%-9s", label)
	}
	room := max(p.columns()-len(indent)-len(label), 20)
	for i, line := range p.fold(text, room, how) {
		head := p.dim(label)
		if i > 0 {
			head = strings.Repeat(" ", len(label))
		}
		p.line("%s%s%s", indent, head, line)
	}
}

func (p *printer) fold(text string, room int, how folding) (lines []string) {
	switch how {
	case markdown:
		return Fill(text, room)
	case folded:
		for line := range strings.Lines(text) {
			lines = append(lines, wrap(line, room)...)
		}
		return lines
	case anywhere:
		for line := range strings.SplitSeq(text, "\n") {
			for r := []rune(line); p.Width > 0 && len(r) > room; r = []rune(line) {
				lines, line = append(lines, string(r[:room])), string(r[room:])
			}
			lines = append(lines, line)
		}
		return lines
	}
	return strings.Split(text, "\n")
}

// Fill breaks the paragraphs of a Markdown text anew, for so many columns. Code and the items of lists keep
// their own lines.
func Fill(text string, columns int) (lines []string) {
	var paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			lines = append(lines, wrap(strings.Join(paragraph, " "), columns)...)
		}
		paragraph = nil
	}
	code := false
	for line := range strings.SplitSeq(text, "\n") {
		fence := strings.HasPrefix(line, "```")
		switch {
		case fence, code, strings.HasPrefix(line, "    "), strings.HasPrefix(line, "\t"), strings.HasPrefix(line, "|"), line == "":
			end()
			lines = append(lines, line)
			code = code != fence
			continue
		case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "* "):
			end()
		}
		paragraph = append(paragraph, line)
	}
	end()
	return lines
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
