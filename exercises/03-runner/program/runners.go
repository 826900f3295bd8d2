package program

import (
	"encoding/json"
	"maps"
	"slices"
)

// Letter has a field of every kind that is promised to travel.
type Letter struct {
	Stamp  Stamp // first: what is encoded after it is encoded after the gate
	Title  string
	Pages  int
	Urgent bool
	Data   []byte
	Tags   []string
	Stock  map[string]int
	To     Address
}

// Address is a struct in a struct.
type Address struct {
	Street string
	Number int
	Notes  map[string]string
}

// written gives a letter with this title, and with every other field made from it.
func written(title string) *Letter {
	return &Letter{
		Title: title, Pages: 9007199254740993 + len(title), Urgent: true, // no float64 holds that number
		Data: []byte("\x00\xff" + title), Tags: []string{title, "", "two words", "\n"},
		Stock: map[string]int{title: -1, "two words": 0, "": 2},
		To:    Address{Street: "Hauptstra\u00dfe, \u6f22\u5b57", Number: len(title), Notes: map[string]string{"at": title}},
		Stamp: Stamp(title),
	}
}

// rewrite makes l the letter that written gives, inside the same slices and maps.
func (l *Letter) rewrite(title string) {
	w := written(title)
	l.Title, l.Pages, l.To.Street, l.To.Number, l.Stamp = w.Title, w.Pages, w.To.Street, w.To.Number, w.Stamp
	l.Data = append(l.Data[:0], w.Data...)
	copy(l.Tags, w.Tags)
	clear(l.Stock)
	maps.Copy(l.Stock, w.Stock)
	clear(l.To.Notes)
	maps.Copy(l.To.Notes, w.To.Notes)
}

// as says which letter this is: one that was written whole, an empty one, or something else.
func (l *Letter) as() string {
	for _, title := range []string{"the letter", "at creation", "at start", "after start"} {
		if same(l, written(title)) {
			return title
		}
	}
	if same(l, &Letter{}) {
		return "zero"
	}
	return "something else"
}

// same compares as JSON text: there a map has an order, and bytes are kept.
func same(a, b *Letter) bool {
	return slices.Equal(text(a), text(b)) && len(a.Stock) == len(b.Stock)
}

func text(v any) []byte {
	b, err := json.Marshal(v)
	must(err)
	return b
}

// Run says what has arrived.
func (l *Letter) Run() {
	child.Say("type", "letter")
	child.Say("letter", l.as())
	child.Reach("running")
}

// Counter changes itself. Its prototype is not empty.
type Counter struct {
	N, Step int
	Notes   map[string]string
	Tags    []string
}

// Run adds the step.
func (c *Counter) Run() {
	child.Say("type", "counter")
	if c.N == 0 && c.Step == 0 && len(c.Notes) == 0 && len(c.Tags) == 0 {
		child.Say("before", "zero")
	}
	c.N += c.Step
	child.Say("n", c.N)
	child.Reach("running")
}

// Stranger is registered nowhere.
type Stranger struct{ N int }

// Run is never called.
func (s *Stranger) Run() { child.Reach("running") }
