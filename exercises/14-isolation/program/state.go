package program

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// State is what this program keeps.
type State struct {
	Stamp Stamp // first: what is copied after it is copied after the gate
	N     int
	Names []string
	Stock map[string]int
}

// written gives a state with this N, and with every other field made from it.
func written(n int) *State {
	return &State{
		Stamp: Stamp(fmt.Sprint("stamp ", n)), N: n,
		Names: []string{fmt.Sprint(n), "", "two words", "two\nlines\n", "\u6f22\u5b57", `"quoted"`},
		Stock: map[string]int{"": n, "two words": 0, "negative": -n, "large": 1<<62 + n}, // no float64 holds that
	}
}

// long gives a state of some megabytes.
func long() *State {
	s := written(100)
	for i := range 100 {
		s.Names = append(s.Names, strings.Repeat(fmt.Sprint(i, "-"), 10_000))
	}
	return s
}

// rewrite makes s the state that written gives, inside the same slice and map.
func (s *State) rewrite(n int) {
	w := written(n)
	s.Stamp, s.N = w.Stamp, w.N
	copy(s.Names, w.Names)
	clear(s.Stock)
	maps.Copy(s.Stock, w.Stock)
}

// change changes every field.
func (s *State) change() {
	s.N++
	s.Stamp += ", changed"
	if len(s.Names) > 0 {
		s.Names[0] += ", changed"
	}
	s.Names = append(s.Names, "added")
	if s.Stock == nil {
		s.Stock = map[string]int{}
	}
	s.Stock["added"]++
	delete(s.Stock, "negative")
}

// comparedTo says what is different from another state; mixed is one of whose fields some are of another number.
func (s *State) comparedTo(t *State) string {
	switch {
	case s.N != t.N:
		return "another number"
	case !strings.HasSuffix(string(s.Stamp), fmt.Sprint(s.N)) || len(s.Names) > 0 && s.Names[0] != fmt.Sprint(s.N):
		return "mixed"
	case !slices.Equal(s.Names, t.Names) || !maps.Equal(s.Stock, t.Stock) || s.Stamp != t.Stamp:
		return "damaged"
	}
	return "unchanged"
}
