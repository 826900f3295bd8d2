package render

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"

	"forklings/checker/lang"
	"forklings/checker/result"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// Page writes the timelines of an exercise's scenarios as an HTML page that needs nothing else, in a language.
func Page(w io.Writer, e result.Exercise, l lang.Lang) error {
	type scenario struct {
		result.Scenario
		Drawing   *drawing
		Histories []picture
		Word      string // the status
	}
	data := struct {
		Title, Lang, Legend, About string
		Expected, Seen, Because    string // labels
		Scenarios                  []scenario
	}{
		Title: e.Title, Lang: string(cmp.Or(l, lang.English)), Expected: l.Say(expected), Seen: l.Say(seen), Because: l.Say(because),
		About:  l.Text("A bar lasts from a call to its return; the line through them is the order that explains what was returned, as far as there is one."),
		Legend: legend(l),
	}
	for _, s := range e.Scenarios {
		if len(s.Timeline) == 0 {
			continue
		}
		shown := scenario{Scenario: s, Drawing: draw(s, l), Word: Status(l, s.Status)}
		for _, h := range s.Histories {
			page, err := h.Page()
			if err != nil {
				return err
			}
			shown.Histories = append(shown.Histories, picture{l.Sprintf("What was done with %s", h.Object), page})
		}
		data.Scenarios = append(data.Scenarios, shown)
	}
	return page.Execute(w, data)
}

// legend says how to read a drawing.
func legend(l lang.Lang) string {
	return l.Text("Time in milliseconds from the first event, recorded by ptrace. A dotted line is a zombie: it has ended, and nobody has waited for it yet. " +
		"A thick line is a lock that is held. Rest the pointer on a line for the system call and the PID.")
}

// picture is that of a history, a page of its own.
type picture struct{ Title, Page string }

// Sizes of a drawing, in pixels.
const (
	gutter    = 86 // for the times, up to the first column
	across    = 210
	down      = 24
	head      = 36 // for the names
	character = 8
)

// drawing is a timeline: a column for each process, a row for each event.
type drawing struct {
	Drawn         string // what it shows, for who cannot see it
	Width, Height int
	Columns       []column
	Rows          []pageRow
}

type column struct {
	X     int
	Name  string
	Lines []lifeline
}

// lifeline is a part of a process's life.
type lifeline struct {
	Class       string
	X, From, To int
}

type pageRow struct {
	X, Y, Top            int
	Time, What, Hover    string
	End, Point, Decisive bool
	Arrow                *arrow
}

type arrow struct {
	Class       string
	From, To, Y int
}

func draw(s result.Scenario, l lang.Lang) *drawing {
	cast := columns(s.Timeline)
	x := func(who string) int { return gutter + slices.Index(cast, who)*across }
	d := &drawing{Drawn: l.Text("what the processes did, over time"), Width: gutter + len(cast)*across, Height: head + down*len(s.Timeline) + 6}
	born, died := map[string]int{}, map[string]int{}
	lines := map[string][]lifeline{}
	holds := map[[2]string]int{}  // by process and lock: since when
	parent := map[string]string{} // whose was not told, the scenario waits for at once, and for those whose parent has ended
	failed := s.Status != result.Pass && s.Name != ""
	for i, e := range s.Timeline {
		y := head + down*i + down/2
		if _, ok := born[e.Who]; !ok && e.Kind != result.Remains {
			born[e.Who] = y
		}
		r := pageRow{
			X: x(e.Who), Y: y, Top: y - down/2, Time: fmt.Sprintf("%.1f", float64(e.Microseconds)/1000), What: e.What,
			Hover: l.Sprintf("%s, PID %d, at %.3f ms", e.Who, e.PID, float64(e.Microseconds)/1000),
			End:   e.Kind == result.Ends, Point: slices.Contains([]result.Kind{result.Point, result.Held, result.Calls, result.Remains}, e.Kind),
			Decisive: failed && decisive(s.Timeline, i),
		}
		if e.Detail != "" {
			r.Hover = l.Sprintf("%s: %s", r.Hover, e.Detail)
		}
		if e.Kind == result.Starts {
			parent[e.Other] = e.Who
		}
		if slices.Contains(cast, e.Other) {
			r.Arrow = &arrow{Class: arrows[e.Kind], From: r.X + 16 + character*Width(e.What), To: x(e.Other), Y: y}
			if x(e.Other) < r.X {
				r.Arrow.From = r.X - 6
			} else { // it begins where the text ends
				r.Arrow.From = min(r.Arrow.From, x(e.Other)-16)
			}
			if e.Kind == result.Learns {
				r.Arrow.From, r.Arrow.To = r.Arrow.To, r.Arrow.From
				if from, dead := died[e.Other]; dead {
					lines[e.Other] = append(lines[e.Other], lifeline{"zombie", x(e.Other), from, y})
					delete(died, e.Other)
				}
			}
		}
		d.hold(e, y, r.X, holds, lines)
		if r.End {
			lines[e.Who] = append(lines[e.Who], lifeline{"life", r.X, born[e.Who], y})
			died[e.Who] = y
			delete(born, e.Who)
		}
		d.Width = max(d.Width, r.X+24+character*Width(e.What))
		d.Rows = append(d.Rows, r)
	}
	bottom := d.Height - 4
	for held, from := range holds {
		lines[held[0]] = append(lines[held[0]], lifeline{"holds", x(held[0]), from, bottom})
	}
	for _, who := range cast {
		if from, alive := born[who]; alive {
			lines[who] = append(lines[who], lifeline{"life", x(who), from, bottom})
		} else if from, zombie := died[who]; zombie && born[parent[who]] > 0 {
			lines[who] = append(lines[who], lifeline{"zombie", x(who), from, bottom})
		}
		d.Columns = append(d.Columns, column{x(who), who, lines[who]})
	}
	return d
}

// arrows are the classes of those that go to another process.
var arrows = map[result.Kind]string{result.Starts: "start", result.Signals: "signal", result.Learns: "learn", result.Interrupted: "turn"}

// hold notes who takes a lock, and draws how long it was held.
func (d *drawing) hold(e result.Event, y, x int, since map[[2]string]int, lines map[string][]lifeline) {
	frees := func(lock string) {
		if from, ok := since[[2]string{e.Who, lock}]; ok {
			lines[e.Who] = append(lines[e.Who], lifeline{"holds", x, from, y})
			delete(since, [2]string{e.Who, lock})
		}
	}
	switch e.Kind {
	case result.Takes:
		if _, ok := since[[2]string{e.Who, e.Object}]; !ok {
			since[[2]string{e.Who, e.Object}] = y
		}
	case result.Frees:
		frees(e.Object)
	case result.Ends:
		for held := range since {
			if held[0] == e.Who {
				frees(held[1])
			}
		}
	}
}
