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
// column and runs on to the right.
func (p *printer) timeline(events []result.Event) {
	if len(events) == 0 {
		return
	}
	p.line("")
	indent := p.indent() + "  "
	room := p.columns() - len(indent) - len("12345.6  ")
	cast := columns(events)
	width := max(min((room-32)/max(len(cast)-1, 1), 16), 3)
	heads := ""
	for i, who := range cast {
		if i == len(cast)-1 {
			heads += who
		} else {
			heads += fmt.Sprintf("%-*s", width, short(who, width-1))
		}
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
		var b strings.Builder
		for c := range row.bars {
			switch {
			case c == row.column:
				b.WriteString(row.mark + " ")
			case c < row.column:
				fmt.Fprintf(&b, "%-*s", width, row.bars[c])
			}
		}
		head := fmt.Sprintf("%7.1f  %s", float64(row.at)/1000, b.String())
		text := wrap(row.text, max(room-len([]rune(b.String())), 20))
		for n, line := range text {
			if n > 0 {
				head = strings.Repeat(" ", 9) + strings.Repeat(" ", len([]rune(b.String())))
			}
			if row.decisive {
				line = p.paint("31;1", line)
			}
			p.line("%s%s%s", indent, p.dim(head), line)
		}
	}
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
		if ends(e.What) {
			r.mark, there[c] = "└", false
		}
		for j := range cast {
			if there[j] {
				r.bars[j] = "│"
			}
		}
		r.decisive = i == len(events)-1
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
