package kit

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/lang"
)

// bare takes off a search word what a call has around its name.
var bare = regexp.MustCompile(`\([^()]*\)$`)

// Bare is a search word without the parentheses of a call.
func Bare(word string) string { return bare.ReplaceAllString(word, "") }

// Holds reports whether a text has this word in it, in whatever case.
func Holds(text, word string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(word))
}

// Searched is what an exercise is found by.
type Searched struct {
	Number int
	Texts  []string
}

// Searched is all that is told of the exercise in any language: its name, its titles, its chapter, what it is in Python, the calls
// that it stands behind.
func (t Topic) Searched(chapter Chapter) Searched {
	s := Searched{t.Number, append([]string{t.Name, t.Folder}, t.Calls...)}
	for _, l := range lang.All {
		title, _ := t.Title(l)
		s.Texts = append(s.Texts, title, chapter.Title.In(l), t.Python.In(l))
	}
	return s
}

// Fits reports whether every word is somewhere in the texts; a number is the exercise's own.
func (s Searched) Fits(words []string) bool {
	for _, word := range words {
		if n, err := strconv.ParseUint(word, 10, 31); err == nil {
			if int(n) != s.Number {
				return false
			}
			continue
		}
		name := Bare(word)
		if !slices.ContainsFunc(s.Texts, func(text string) bool { return Holds(text, word) || name != "" && Holds(text, name) }) {
			return false
		}
	}
	return true
}
