package render

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/result"
)

// mostLines of a timeline are shown, unless all of it is wanted.
const mostLines = 30

// timeline draws a column for each process, its name and its PID above, time going down, one event a line: what happened stands in
// the process's column and runs on to the right; the column of one that has a lock is thick. Where there are too many for that, every
// line names its process.
func (p *printer) timeline(events []result.Event, failed bool) {
	if len(events) == 0 {
		return
	}
	p.line("")
	indent := p.indent() + "  "
	room := p.columns() - len(indent) - len("12345.6  ")
	cast := columns(events)
	widths := layout(cast, room)
	heads := p.heads(indent, events, cast, widths, room)
	name := 0 // how wide the names are, where there is no table
	for _, who := range cast {
		name = max(name, Width(who))
	}
	name = min(name, broadest, max(room/3, narrowest))
	at := func(r row) string {
		if widths == nil {
			return Pad(p.name(cast[r.column], name), name) + " "
		}
		return r.left(widths)
	}
	shown := rows(events, failed)
	lines := make([][]string, len(shown))
	for i, r := range shown {
		lines[i] = p.told(r.text, max(room-Width(at(r)), 10))
	}
	gaps := p.leaveOut(shown, lines, mostLines-heads)
	for i, r := range shown {
		if at := slices.IndexFunc(gaps, func(g gap) bool { return i >= g.from && i < g.from+g.rows }); at >= 0 {
			if i == gaps[at].from {
				p.line("%s%s", indent, p.dim("         "+p.Lang.Sprintf("(%d more)", gaps[at].rows)))
			}
			continue
		}
		p.event(indent, r, at(r), lines[i])
	}
}

// beginning is how many rows at the top are never left out.
const beginning = 3

// gap is a number of rows that are left out.
type gap struct{ from, rows int }

// leaveOut chooses which rows are left out, so that the rest fits into that many lines: as few as can be, behind the beginning. They
// are what came after the decisive moment and, as far as that is not enough, where the others tell the least: one gap, and more where one
// would hide what tells much.
func (p *printer) leaveOut(rows []row, lines [][]string, most int) []gap {
	excess := 1 - most // with the line that tells of what is left out
	longest := 1
	for _, l := range lines {
		excess += len(l)
		longest = max(longest, len(l))
	}
	if excess <= 1 || p.Full || len(rows) <= beginning {
		return nil
	}
	if after, left := tail(rows, lines, excess); after.rows > 0 {
		if left <= 0 {
			return []gap{after}
		}
		return append(p.leaveOut(rows[:after.from], lines[:after.from], most-1), after)
	}
	if len(rows) <= mostForMany {
		return quietestOf(rows, lines, excess-1)
	}
	return quietestOne(rows, lines, excess, longest)
}

// quietestOne is the gap that takes so many lines less, or all behind the beginning when that is not enough.
func quietestOne(rows []row, lines [][]string, excess, longest int) []gap {
	all := len(lines) - beginning
	for n := min(max(excess/longest, 2), all); ; n++ {
		from, gone := quietest(rows, n), 0
		for _, l := range lines[from : from+n] {
			gone += len(l)
		}
		if gone >= excess || n == all {
			return []gap{{from, n}}
		}
	}
}

// few rows behind the decisive moment are left, and few are not worth a gap.
const few = 2

// tail is as much of what came after the decisive moment as there are lines too many, and how many are too many then.
func tail(rows []row, lines [][]string, excess int) (after gap, left int) {
	from := len(rows)
	for from > beginning && !rows[from-1].decisive && rows[from-1].weight < much {
		from--
	}
	if from += few; from == few || from < beginning || len(rows)-from <= few || !rows[from-few-1].decisive {
		return gap{}, excess
	}
	left = excess
	at := len(rows)
	for ; at > from && left > 0; at-- {
		left -= len(lines[at-1])
	}
	return gap{at, len(rows) - at}, left
}

const (
	mostForMany = 500 // of more rows, several gaps take too long to choose
	perGap      = 400 // as much as a row tells for which there is one gap more
)

// quietestOf are the gaps that take so many lines less, those that tell of them included, where the rows tell the least.
func quietestOf(rows []row, lines [][]string, excess int) []gap {
	type way struct{ told, before int } // how much the rows left out tell; how many lines were left out one row before
	const none = math.MaxInt / 2
	best := make([][2][]way, len(rows)+1) // after so many rows, the last one shown or left out: by the lines that are left out
	for i := range best {
		for out := range best[i] {
			best[i][out] = slices.Repeat([]way{{told: none}}, excess+1)
		}
	}
	best[beginning][0][0].told = 0
	shorter := func(i, out, gone int, w way) {
		if w.told < best[i][out][gone].told {
			best[i][out][gone] = w
		}
	}
	shown := func(i, gone int) int { // one row before a row that is shown: was that left out?
		if best[i][1][gone].told < best[i][0][gone].told {
			return 1
		}
		return 0
	}
	for i := beginning; i < len(rows); i++ {
		for gone := range excess + 1 {
			shorter(i+1, 0, gone, way{best[i][shown(i, gone)][gone].told, gone})
			shorter(i+1, 1, min(gone+len(lines[i]), excess), way{best[i][1][gone].told + rows[i].weight, gone})
			shorter(i+1, 1, min(gone+len(lines[i])-1, excess), way{best[i][0][gone].told + rows[i].weight + perGap, -1 - gone})
		}
	}
	var gaps []gap
	gone := excess
	out := shown(len(rows), gone)
	if best[len(rows)][out][gone].told >= none { // all is not enough
		return []gap{{beginning, len(rows) - beginning}}
	}
	for i := len(rows); i > beginning; i-- {
		before := best[i][out][gone].before
		switch {
		case out == 0:
			out = shown(i-1, gone)
			continue
		case len(gaps) > 0 && gaps[0].from == i:
			gaps[0] = gap{i - 1, gaps[0].rows + 1}
		default:
			gaps = slices.Insert(gaps, 0, gap{i - 1, 1})
		}
		if gone = before; before < 0 { // the gap began here
			out, gone = 0, -1-before
		}
	}
	return gaps
}

// quietest is where n rows tell the least.
func quietest(rows []row, n int) (from int) {
	least, sum := -1, 0
	for i, r := range rows {
		if i < beginning {
			continue
		}
		sum += r.weight
		if i >= beginning+n {
			sum -= rows[i-n].weight
		}
		if i >= beginning+n-1 && (least < 0 || sum < least) {
			least, from = sum, i-n+1
		}
	}
	return max(from, beginning)
}

// much is told by a row without which the others are hard to understand.
const much = 800

// weigh says how much rows tell. Of locks, those tell the most that are not given back: somebody may wait for one. Of the
// others, what the process has done that the verdict is about tells more, and less tells what came after the decisive moment, and
// what those did who were done before that process was there.
func weigh(rows []row, events []result.Event) {
	moment := -1
	for i, r := range rows {
		if r.decisive {
			moment = i
		}
	}
	early := done(events, moment)
	for i, e := range events {
		r := &rows[i]
		switch e.Kind {
		case result.Point, result.Act:
			r.weight = 40
		case result.Calls:
			r.weight = 40
			if moment >= 0 && events[moment].Kind == result.Breaks {
				r.weight = 120
			}
		case result.Held:
			r.weight = much
		case result.Replaces:
			r.weight = 40
			if slices.ContainsFunc(events, func(f result.Event) bool { return f.Kind == result.Takes && f.Object == e.Object }) {
				r.weight = 600 // who locks the file that was there keeps nobody out any more
			}
		case result.Takes:
			r.weight = 80
			if !slices.ContainsFunc(events[i:], func(f result.Event) bool {
				return f.Who == e.Who && (f.Kind == result.Frees && f.Object == e.Object || f.Kind == result.Ends)
			}) {
				r.weight = much
			}
		default:
			r.weight = 80
		}
		switch {
		case r.decisive:
			r.weight = 100_000
		case r.weight == much || moment < 0:
		case i > moment, early[e.Who]:
			r.weight /= 2
		case e.Who == events[moment].Who:
			r.weight += r.weight/2 + r.weight*i/max(moment, 1)
		default:
			r.weight += r.weight * i / max(moment, 1) // what is near that moment tells more
		}
	}
}

// done are those who did nothing any more between the first event of the process that the decisive moment is about and that moment,
// kept no lock meanwhile, and were not killed. What was done last before may be what that process finds.
func done(events []result.Event, moment int) map[string]bool {
	done := map[string]bool{}
	if moment < 0 || events[moment].Kind == result.Breaks { // what breaks an order may be long past
		return done
	}
	began := slices.IndexFunc(events, func(e result.Event) bool { return e.Who == events[moment].Who })
	holds := map[string]bool{}
	for _, e := range events[:began] {
		lock := e.Who + " " + e.Object
		done[e.Who] = true
		switch e.Kind {
		case result.Takes:
			holds[lock] = true
		case result.Frees:
			delete(holds, lock)
		case result.Ends:
			maps.DeleteFunc(holds, func(lock string, _ bool) bool { return strings.HasPrefix(lock, e.Who+" ") })
		}
	}
	if began > 0 {
		delete(done, events[began-1].Who)
	}
	for lock := range holds {
		who, _, _ := strings.Cut(lock, " ")
		delete(done, who)
	}
	for i, e := range events {
		if e.Killed || i >= began && i < moment {
			delete(done, e.Who)
		}
	}
	return done
}

// event writes one event, in one line or several.
func (p *printer) event(indent string, row row, at string, lines []string) {
	blank := strings.Repeat(" ", Width(at))
	margin := indent
	if row.decisive { // that it is red is not seen everywhere
		margin = strings.TrimSuffix(indent, "  ") + "> "
	}
	head := fmt.Sprintf("%7.1f  %s", float64(row.at)/1000, at)
	for _, line := range lines {
		if row.decisive {
			line = p.paint("31;1", line)
		}
		p.line("%s%s%s", margin, p.dim(head), line)
		head, margin = "         "+blank, indent
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
		if s.Status == result.Skip && s.Because != "" {
			p.block(p.indent(), "", p.Lang.Sprintf("%s is not played under the tracer: %s", s.Name, s.Because), folded)
			continue
		}
		p.timeline(s.Timeline, s.Status != result.Pass && s.Name != "")
	}
	return p.err
}

// Timeline gives the lines of a timeline; of one that failed, with the decisive moment.
func Timeline(events []result.Event, failed bool, style Style) string {
	var b strings.Builder
	p := printer{w: &b, Style: style}
	p.timeline(events, failed)
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
	weight   int // how much it tells
}

// decisive: what the verdict is about, what nothing explains, and where somebody was interrupted in an explored order;
// otherwise, the last that happened.
func decisive(events []result.Event, i int) bool {
	is := func(e result.Event) bool {
		return e.Decides || e.Kind == result.Breaks || e.Kind == result.Interrupted
	}
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

func rows(events []result.Event, failed bool) (out []row) {
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
		there[c] = e.Kind != result.Remains
		switch e.Kind {
		case result.Remains:
			r.mark = "┊"
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
		r.decisive = failed && decisive(events, i)
		out = append(out, r)
	}
	weigh(out, events)
	return out
}

// name cuts a process's name, and leaves the number at its end: that tells it from others.
func (p *printer) name(text string, columns int) string {
	if i := strings.LastIndexByte(text, '.'); i > 0 && Width(text) > columns {
		if _, err := strconv.Atoi(text[i+1:]); err == nil && len(text)-i < columns-2 {
			return p.short(text[:i], columns-(len(text)-i)) + text[i:]
		}
	}
	return p.short(text, columns)
}

// short cuts a text, and shows that.
func (p *printer) short(text string, columns int) string {
	if p.ASCII {
		return cut(text, columns, "...")
	}
	return Cut(text, columns)
}
