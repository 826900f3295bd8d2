package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"forklings/checker/result"
)

// mostLines of a timeline are shown, unless all of it is wanted.
const mostLines = 30

// timeline draws a column for each process, time going down, one event a line: what happened stands in the process's
// column and runs on to the right. Where there are too many for that, every line names its process.
func (p *printer) timeline(events []result.Event) {
	if len(events) == 0 {
		return
	}
	p.line("")
	indent := p.indent() + "  "
	room := p.columns() - len(indent) - len("12345.6  ")
	cast := columns(events)
	const words, narrowest, widest = 32, 8, 16 // for the last column's text; for another column
	width := widest
	if n := len(cast) - 1; n > 0 {
		width = min((room-words)/n, widest)
	}
	table := width >= narrowest
	heads := ""
	for i, who := range cast {
		if i == len(cast)-1 {
			heads += who
		} else {
			heads += fmt.Sprintf("%-*s", width, short(who, width-1))
		}
	}
	if !table {
		heads = ""
	}
	p.line("%s%s  %s", indent, p.dim("     ms"), p.bold(short(heads, room)))
	shown := rows(events)
	left := 0
	if n := len(shown) - (mostLines - 1); n > 0 && !p.Full {
		left = n + 1
	}
	const before = 3
	for i, row := range shown {
		if left > 0 && i >= before && i < before+left {
			if i == before {
				p.line("%s%s", indent, p.dim(fmt.Sprintf("         (%d more)", left)))
			}
			continue
		}
		at := fmt.Sprintf("%-*s ", widest, short(cast[row.column], widest))
		if table {
			at = row.left(width)
		}
		p.event(indent, row, at, room)
	}
}

// event writes one line, and more when its text is long.
func (p *printer) event(indent string, row row, at string, room int) {
	blank := strings.Repeat(" ", len([]rune(at)))
	head := fmt.Sprintf("%7.1f  %s", float64(row.at)/1000, at)
	for _, line := range wrap(row.text, max(room-len(blank), 20)) {
		if row.decisive {
			line = p.paint("31;1", line)
		}
		p.line("%s%s%s", indent, p.dim(head), line)
		head = "         " + blank
	}
}

// left is what stands before the text: the processes on the left that are there, and the mark.
func (r row) left(width int) string {
	var b strings.Builder
	for _, bar := range r.bars[:r.column] {
		fmt.Fprintf(&b, "%-*s", width, bar)
	}
	return b.String() + r.mark + " "
}

// Timelines writes what the processes of an exercise's scenarios did.
func Timelines(w io.Writer, e result.Exercise, style Style) error {
	p := printer{w: w, Style: style}
	for i, s := range e.Scenarios {
		if i > 0 {
			p.line("")
		}
		if s.Name != "" {
			p.line("%s  %s %s", p.status(s.Status), p.bold(s.Name), s.Mistake)
			p.block(p.indent(), "", s.Title, folded)
		}
		p.timeline(s.Timeline)
	}
	return p.err
}

// Timeline gives the lines of a timeline.
func Timeline(events []result.Event, style Style) string {
	var b strings.Builder
	p := printer{w: &b, Style: style}
	p.timeline(events)
	return strings.Trim(b.String(), "\n")
}

// row is one line of a timeline.
type row struct {
	at       int64
	column   int
	bars     []string // of the processes that are there
	mark     string
	text     string
	decisive bool
}

func columns(events []result.Event) (cast []string) {
	for _, e := range events {
		if !slices.Contains(cast, e.Who) {
			cast = append(cast, e.Who)
		}
	}
	return cast
}

func rows(events []result.Event) (out []row) {
	cast := columns(events)
	there := make([]bool, len(cast))
	for i, e := range events {
		c := slices.Index(cast, e.Who)
		r := row{at: e.Microseconds, column: c, mark: "├", text: e.What, bars: make([]string, len(cast))}
		if !there[c] {
			r.mark = "┌"
		}
		there[c] = true
		if e.Kind == result.Ends {
			r.mark, there[c] = "└", false
		}
		for j := range cast {
			if there[j] {
				r.bars[j] = "│"
			}
		}
		r.decisive = i == len(events)-1 || e.Kind == result.Interrupted
		out = append(out, r)
	}
	return out
}

// short cuts a text, and shows that.
func short(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:max(most-1, 0)]) + "…"
	}
	return text
}
