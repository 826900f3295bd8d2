package program

import (
	"fmt"
	"maps"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Letter has a field of every kind that is promised to travel.
type Letter struct {
	Stamp  Stamp // first: what is encoded after it is encoded after the gate
	Title  string
	Pages  int
	Serial uint64
	Urgent bool
	Data   []byte
	Tags   []string
	Stock  map[string]int
	Prices map[string]uint32
	Debts  map[string]int64
	Sizes  Sizes
	To     Address
}

// Sizes are the other integers.
type Sizes struct {
	Tiny  int8
	Short int16
	Long  int32
	Huge  int64
	Count uint
	Half  uint16
	Byte  byte
	Word  uint32
}

// Address is a struct in a struct.
type Address struct {
	Street string
	Number int
	Notes  map[string]string
}

// written gives a letter with this title, and with every other field but one made from it.
func written(title string) *Letter {
	return &Letter{
		Title: title, Pages: 9007199254740993 + len(title), Serial: 1<<63 + uint64(len(title)), // no float64 holds these
		Urgent: true, Data: []byte("\x00\xff" + title), Tags: []string{title, "", "two words", "\n"},
		Stock:  map[string]int{title: -1, "two words": 0, "": 2},
		Prices: map[string]uint32{title: math.MaxUint32}, Debts: map[string]int64{title: -1<<62 - 1},
		Sizes: sizes(len(title) % 100),
		To:    Address{Street: "Hauptstra\u00dfe, \u6f22\u5b57\x00" + title, Number: -len(title), Notes: map[string]string{"at": title}},
		Stamp: Stamp(title),
	}
}

// sizes need all the bits that each has. As a float64, the longest are a little off and still fit.
func sizes(n int) Sizes {
	return Sizes{
		Tiny: math.MinInt8 + int8(n), Short: math.MinInt16 + int16(n), Long: math.MinInt32 + int32(n), Huge: -1<<62 - 1 - int64(n),
		Count: 1<<63 + uint(n), Half: math.MaxUint16 - uint16(n), Byte: math.MaxUint8 - byte(n), Word: math.MaxUint32 - uint32(n),
	}
}

// Run says what has arrived, and goes on to print.
func (l *Letter) Run() {
	child.Say("type", "letter")
	as := l.as()
	child.Say("letter", as)
	if slices.ContainsFunc([]string{"at creation", "at start", "afterwards"}, func(title string) bool { return strings.HasPrefix(as, title) }) {
		child.Say("taken", l.taken())
	}
	child.Reach("running")
	fmt.Println("the letter was read")
	fmt.Fprintln(os.Stderr, "and put away")
}

// rewrite makes l the letter that written gives, inside the same slices and maps.
func (l *Letter) rewrite(title string) {
	w := written(title)
	l.Title, l.Pages, l.Serial, l.To.Street, l.To.Number, l.Stamp = w.Title, w.Pages, w.Serial, w.To.Street, w.To.Number, w.Stamp
	l.Sizes = w.Sizes
	l.Data = append(l.Data[:0], w.Data...)
	copy(l.Tags, w.Tags)
	clear(l.Stock)
	maps.Copy(l.Stock, w.Stock)
	clear(l.Prices)
	maps.Copy(l.Prices, w.Prices)
	clear(l.Debts)
	maps.Copy(l.Debts, w.Debts)
	clear(l.To.Notes)
	maps.Copy(l.To.Notes, w.To.Notes)
}

// A letter with this title is larger than a megabyte: no pipe and no command line takes it at once. The title is made
// when it is asked for: this file is part of every exercise's program.
var long = sync.OnceValue(func() string { return strings.Repeat("a long letter ", 20_000) })

// letters are those that the roles write, by the names that the scenarios give them.
func letters() []struct{ name, title string } {
	return []struct{ name, title string }{
		{"the letter", "the letter"}, {"the other letter", "the other letter"}, {"a long letter", long()},
		{"at creation", "at creation"}, {"at start", "at start"}, {"afterwards", "afterwards"},
	}
}

// as says which letter this is: one that was written whole, or an empty one. Of any other it names the fields that are not
// as written in the letter that it is most like.
func (l *Letter) as() (best string) {
	if len(l.unlike(&Letter{})) == 0 {
		return "zero"
	}
	fewest := 100
	for _, w := range letters() {
		switch names := l.unlike(written(w.title)); {
		case len(names) == 0:
			return w.name
		case len(names) < fewest:
			fewest, best = len(names), w.name+", but for "+strings.Join(names, " ")
		}
	}
	return best
}

// taken says when the fields of a letter that changes were taken: early or late if one of them was.
func (l *Letter) taken() string {
	wrong := l.unlike(written("at start"))
	for _, w := range []struct{ when, title string }{{"early", "at creation"}, {"late", "afterwards"}} {
		other := l.unlike(written(w.title))
		if slices.ContainsFunc(wrong, func(name string) bool { return !slices.Contains(other, name) }) {
			return w.when
		}
	}
	return "at-start"
}

// unlike names the fields that are not as in w, and inside a struct those of it. Nil and empty are the same.
func (l *Letter) unlike(w *Letter) (names []string) {
	got, want := fields(reflect.ValueOf(*l), ""), fields(reflect.ValueOf(*w), "")
	for i, f := range got {
		if !same(f.value, want[i].value) {
			names = append(names, f.name)
		}
	}
	return names
}

type field struct {
	name  string
	value reflect.Value
}

func fields(v reflect.Value, in string) (all []field) {
	for i := range v.NumField() {
		f := field{in + v.Type().Field(i).Name, v.Field(i)}
		if f.value.Kind() == reflect.Struct {
			all = append(all, fields(f.value, f.name+".")...)
			continue
		}
		all = append(all, f)
	}
	return all
}

func same(a, b reflect.Value) bool {
	return empty(a) && empty(b) || reflect.DeepEqual(a.Interface(), b.Interface())
}

func empty(v reflect.Value) bool {
	return v.IsZero() || (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}
