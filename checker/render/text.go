// Package render shows a result: each form is a pure function of it.
package render

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"forklings/checker/lang"
	"forklings/checker/result"
)

// Style is how text is shown.
type Style struct {
	Lang  lang.Lang
	Color bool
	Width int  // columns; 0: 80
	ASCII bool // nothing but ASCII is drawn, as where the locale is not UTF-8
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
	p.line("%s", p.bold(p.Lang.Sprintf("%d of %d points", r.Score, r.MaxScore)))
	return p.err
}

// Exercise writes one exercise's verdict.
func Exercise(w io.Writer, e result.Exercise, style Style) error {
	p := printer{w: w, Style: style}
	p.exercise(e)
	return p.err
}

// Scenario writes one scenario's verdict in full.
func Scenario(w io.Writer, s result.Scenario, style Style) error {
	p := printer{w: w, Style: style}
	p.scenario(s)
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
		_, p.err = io.WriteString(p.w, p.plain(strings.TrimRight(fmt.Sprintf(format, args...), " "))+"\n")
	}
}

// ascii stands for what is drawn, where there is nothing but ASCII.
var ascii = strings.NewReplacer("│", "|", "┃", "#", "├", "+", "┌", ".", "└", "'", "┊", ":", ellipsis, "...", "→", "->", "“", `"`, "”", `"`)

func (p *printer) plain(line string) string {
	if p.ASCII {
		return ascii.Replace(line)
	}
	return line
}

func (p *printer) exercise(e result.Exercise) {
	score := ""
	if e.Status == result.Pass || e.Status == result.Fail {
		score = p.Lang.Sprintf("%d of %d", e.Score, e.MaxScore)
		if e.Extra {
			score += p.Lang.Text(", extra")
		}
	}
	p.line("%s  %s %s", p.status(e.Status), Pad(e.Name, 20), score)
	if e.Message != "" {
		how := exact // as the compiler has said it
		if e.Status == result.Todo && p.Width > 0 {
			how = folded
		}
		p.block(p.indent(), "", e.Message, how)
	}
	if e.Status == result.Pass || e.Message != "" {
		for _, s := range e.Scenarios {
			if s.Status == result.Skip && s.Because != "" {
				p.block(p.indent(), "", p.status(s.Status)+" "+p.Lang.Sprintf("%s: %s", s.Name, s.Because), folded)
			}
		}
		return
	}
	longest := 0
	for _, s := range e.Scenarios {
		longest = max(longest, Width(s.Name))
	}
	for _, s := range e.Scenarios {
		p.line("%s%s %s  %s", p.indent(), p.status(s.Status), Pad(s.Name, longest), p.bold(s.Mistake))
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
	if s.File != "" {
		p.block(p.indent(), "", fmt.Sprintf("%s:%d", s.File, s.Line), exact)
	}
	p.block(p.indent(), "", s.Title, folded)
	p.field(mistake, s.Mistake, folded)
	p.field(expected, s.Expected, split)
	p.field(seen, s.Actual, split)
	p.field(because, s.Because, split)
	if s.Replay != "" {
		p.field(again, "checker trace -replay "+s.Replay, folded)
	}
	p.field(output, strings.ReplaceAll(strings.TrimRight(s.Output, "\n"), "\t", "    "), anywhere)
	p.field(hint, s.Hint, markdown)
	p.timeline(s.Timeline, true)
	p.field(untraced, s.Untraced, folded)
}

// The labels of a verdict's parts.
var (
	mistake  = lang.Mark("mistake")
	expected = lang.Mark("expected")
	seen     = lang.Mark("seen")
	because  = lang.Mark("because")
	again    = lang.Mark("again")
	output   = lang.Mark("output")
	hint     = lang.Mark("hint")
	untraced = lang.Mark("timeline")

	labels = []lang.Words{mistake, expected, seen, because, again, output, hint, untraced}
)

// label is a part's label, as wide as the widest of them and a blank.
func label(l lang.Lang, w lang.Words) string { return Pad(l.Say(w), widest(l, labels)+1) }

// Part is one of a verdict's labelled texts.
type Part struct{ Label, Text string }

// Parts are the texts of a verdict that every form shows, each with its label, all of which are equally wide.
func Parts(s result.Scenario, l lang.Lang) []Part {
	return []Part{
		{label(l, expected), s.Expected}, {label(l, seen), s.Actual}, {label(l, because), s.Because}, {label(l, output), s.Output}, {label(l, hint), s.Hint},
	}
}

// widest is how many columns the widest of these words takes.
func widest(l lang.Lang, words []lang.Words) (columns int) {
	for _, w := range words {
		columns = max(columns, Width(l.Say(w)))
	}
	return columns
}

func (p *printer) field(w lang.Words, text string, how folding) {
	if text != "" {
		p.block(p.indent()+"  ", label(p.Lang, w), text, how)
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
	split                   // the same, and words that are too long
	anywhere                // broken anywhere, on a terminal
	markdown                // paragraphs are filled anew; code is left as it is
)

// block writes a labelled text, indented.
func (p *printer) block(indent, label, text string, how folding) {
	room := max(p.columns()-len(indent)-Width(label), 20)
	for i, line := range p.fold(text, room, how) {
		head := p.dim(label)
		if i > 0 {
			head = strings.Repeat(" ", Width(label))
		}
		p.line("%s%s%s", indent, head, line)
	}
}

func (p *printer) fold(text string, room int, how folding) (lines []string) {
	switch how {
	case markdown:
		return Fill(text, room)
	case folded, split:
		fold := wrap
		if how == split {
			fold = wrapLong
		}
		for line := range strings.Lines(text) {
			lines = append(lines, fold(line, room)...)
		}
		return lines
	case anywhere:
		for line := range strings.SplitSeq(text, "\n") {
			if p.Width > 0 {
				lines = append(lines, chop(line, room)...)
			} else {
				lines = append(lines, line)
			}
		}
		return lines
	}
	return strings.Split(text, "\n")
}

// Fill breaks the paragraphs of a Markdown text anew, for so many columns. Code and the items of lists keep
// their own lines.
func Fill(text string, columns int) (lines []string) {
	paragraph := ""
	end := func() {
		if paragraph != "" {
			lines = append(lines, wrap(paragraph, columns)...)
		}
		paragraph = ""
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
		paragraph = glue(paragraph, line)
	}
	end()
	return lines
}

// statuses are what a reader is told of them.
var statuses = map[result.Status]lang.Words{
	result.Pass: lang.Mark("pass"), result.Fail: lang.Mark("fail"), result.Deadlock: lang.Mark("deadlock"), result.Timeout: lang.Mark("timeout"),
	result.Error: lang.Mark("error"), result.Skip: lang.Mark("skip"), result.Todo: lang.Mark("todo"),
}

// Status is the word for a status, the same wherever a learner meets it; "" is that of an exercise without a verdict that was begun.
func Status(l lang.Lang, s result.Status) string {
	if s == "" {
		return l.Text("begun")
	}
	if w, ok := statuses[s]; ok {
		return l.Say(w)
	}
	return string(s)
}

func statusWidth(l lang.Lang) int { return widest(l, slices.Collect(maps.Values(statuses))) }

func (p *printer) status(s result.Status) string {
	color := map[result.Status]string{result.Pass: "32", result.Todo: "33", result.Skip: "2"}[s]
	if color == "" {
		color = "31"
	}
	return p.paint(color, Pad(Status(p.Lang, s), statusWidth(p.Lang)))
}

func (p *printer) bold(s string) string { return p.paint("1", s) }
func (p *printer) dim(s string) string  { return p.paint("2", s) }

func (p *printer) paint(code, s string) string {
	if !p.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
