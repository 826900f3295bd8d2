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
// column and runs on to the right; the column of one that has a lock is thick. Where there are too many for that, every line names its process.
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
	name := 0 // how wide the names are, where there is no table
	for _, who := range cast {
		name = max(name, Width(who))
	}
	name = min(name, widest, max(room/3, narrowest))
	heads := ""
	for i, who := range cast {
		if i == len(cast)-1 {
			heads += who
		} else {
			heads += Pad(p.short(who, width-1), width)
		}
	}
	if !table {
		heads = ""
	}
	ms := p.Lang.Text("ms")
	p.line("%s%s  %s", indent, p.dim(strings.Repeat(" ", max(7-Width(ms), 0))+ms), p.bold(p.short(heads, room)))
	shown := rows(events)
	left := 0
	if n := len(shown) - (mostLines - 1); n > 0 && !p.Full {
		left = n + 1
	}
	from := leaveOut(shown, left)
	for i, row := range shown {
		if left > 0 && i >= from && i < from+left {
			if i == from {
				p.line("%s%s", indent, p.dim("         "+p.Lang.Sprintf("(%d more)", left)))
			}
			continue
		}
		at := Pad(p.short(cast[row.column], name), name) + " "
		if table {
			at = row.left(width)
		}
		p.event(indent, row, at, room)
	}
}

// leaveOut chooses where so many rows are left out: as early as it can be behind the beginning, and nothing decisive.
func leaveOut(rows []row, n int) (from int) {
	const beginning = 3
	for from = beginning; from+n <= len(rows); from++ {
		if !slices.ContainsFunc(rows[from:from+n], func(r row) bool { return r.decisive }) {
			return from
		}
	}
	return beginning
}

// event writes one line, and more when its text is long.
func (p *printer) event(indent string, row row, at string, room int) {
	blank := strings.Repeat(" ", Width(at))
	head := fmt.Sprintf("%7.1f  %s", float64(row.at)/1000, at)
	for _, line := range wrap(row.text, max(room-len(blank), 10)) {
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
		b.WriteString(Pad(bar, width))
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

// decisive: what nothing explains, and where somebody was interrupted in an explored order; otherwise, the last that happened.
func decisive(events []result.Event, i int) bool {
	is := func(e result.Event) bool { return e.Kind == result.Breaks || e.Kind == result.Interrupted }
	return is(events[i]) || i == len(events)-1 && !slices.ContainsFunc(events, is)
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
	holds := make([]map[string]bool, len(cast)) // locks
	for i := range holds {
		holds[i] = map[string]bool{}
	}
	for i, e := range events {
		c := slices.Index(cast, e.Who)
		r := row{at: e.Microseconds, column: c, mark: "├", text: e.What, bars: make([]string, len(cast))}
		if !there[c] {
			r.mark = "┌"
		}
		there[c] = true
		switch e.Kind {
		case result.Ends:
			r.mark, there[c] = "└", false
			clear(holds[c])
		case result.Takes:
			holds[c][e.Object] = true
		case result.Frees:
			delete(holds[c], e.Object)
		}
		for j := range cast {
			switch {
			case there[j] && len(holds[j]) > 0:
				r.bars[j] = "┃"
			case there[j]:
				r.bars[j] = "│"
			}
		}
		r.decisive = decisive(events, i)
		out = append(out, r)
	}
	return out
}

// short cuts a text, and shows that.
func (p *printer) short(text string, columns int) string {
	if p.ASCII {
		return cut(text, columns, "...")
	}
	return Cut(text, columns)
}
