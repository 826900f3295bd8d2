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

// timeline draws a column for each process, its name and its PID above, time going down, one event a line: what happened stands in
// the process's column and runs on to the right; the column of one that has a lock is thick. Where there are too many for that, every
// line names its process.
func (p *printer) timeline(events []result.Event) {
	if len(events) == 0 {
		return
	}
	p.line("")
	indent := p.indent() + "  "
	room := p.columns() - len(indent) - len("12345.6  ")
	cast := columns(events)
	widths := layout(cast, room)
	p.heads(indent, events, cast, widths, room)
	name := 0 // how wide the names are, where there is no table
	for _, who := range cast {
		name = max(name, Width(who))
	}
	name = min(name, broadest, max(room/3, narrowest))
	at := func(r row) string {
		if widths == nil {
			return Pad(p.short(cast[r.column], name), name) + " "
		}
		return r.left(widths)
	}
	shown := rows(events)
	lines := make([][]string, len(shown))
	for i, r := range shown {
		lines[i] = p.told(r.text, max(room-Width(at(r)), 10))
	}
	from, left := p.leaveOut(shown, lines)
	for i, r := range shown {
		if i >= from && i < from+left {
			if i == from {
				p.line("%s%s", indent, p.dim("         "+p.Lang.Sprintf("(%d more)", left)))
			}
			continue
		}
		p.event(indent, r, at(r), lines[i])
	}
}

// leaveOut chooses which rows are left out, so that the rest fits: as few as can be, as early as it can be behind the beginning, and
// nothing decisive.
func (p *printer) leaveOut(rows []row, lines [][]string) (from, left int) {
	all := 1 // the names
	for _, l := range lines {
		all += len(l)
	}
	if all <= mostLines || p.Full {
		return 0, 0
	}
	const beginning = 3
	for left = 2; left < len(rows)-beginning; left++ {
		from = beginning
		for i := beginning; i+left <= len(rows); i++ {
			if !slices.ContainsFunc(rows[i:i+left], func(r row) bool { return r.decisive }) {
				from = i
				break
			}
		}
		kept := all + 1 // the line that tells of them
		for _, l := range lines[from:min(from+left, len(lines))] {
			kept -= len(l)
		}
		if kept <= mostLines {
			break
		}
	}
	return from, left
}

// event writes one event, in one line or several.
func (p *printer) event(indent string, row row, at string, lines []string) {
	blank := strings.Repeat(" ", Width(at))
	head := fmt.Sprintf("%7.1f  %s", float64(row.at)/1000, at)
	for _, line := range lines {
		if row.decisive {
			line = p.paint("31;1", line)
		}
		p.line("%s%s%s", indent, p.dim(head), line)
		head = "         " + blank
	}
}

// left is what stands before the text: the processes on the left that are there, and the mark.
func (r row) left(widths []int) string {
	var b strings.Builder
	for i, bar := range r.bars[:r.column] {
		b.WriteString(Pad(bar, widths[i]))
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
