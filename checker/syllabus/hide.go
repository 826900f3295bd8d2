package syllabus

import (
	"strings"

	"forklings/checker/result"
)

// Parts are what a learner can be shown of a scenario that did not pass. Its name and status are always shown, and so is what
// the compiler says.
type Parts uint

const (
	Mistake  Parts = 1 << iota // the mistake's name
	Seen                       // what was expected, what was seen, and what ended the scenario
	Hint                       // the first hint for the mistake
	Output                     // what the programs printed
	Timeline                   // what the processes did, and what plays it again
	Script                     // the scenario's title, and the file and line of its script

	None Parts = 0
	All  Parts = 1<<iota - 1
)

// partNames are as a course file writes them.
var partNames = []struct {
	name string
	part Parts
}{{"mistake", Mistake}, {"seen", Seen}, {"hint", Hint}, {"output", Output}, {"timeline", Timeline}, {"script", Script}}

func (p Parts) String() string {
	switch p {
	case All:
		return "all"
	case None:
		return "nothing"
	}
	var names []string
	for _, n := range partNames {
		if p&n.part != 0 {
			names = append(names, n.name)
		}
	}
	return strings.Join(names, ", ")
}

// Hide is the result as the learner may see it. The one that was given is left as it is.
func (c *Course) Hide(r *result.Result) *result.Result {
	out := copied(r)
	for i := range out.Exercises {
		x := c.exercise(out.Exercises[i].Name)
		if x == nil {
			continue
		}
		for j := range out.Exercises[i].Scenarios {
			s := &out.Exercises[i].Scenarios[j]
			if own := x.scenario(s.Name); own != nil && s.Status != result.Pass {
				hide(s, own.Show)
			}
		}
	}
	return out
}

func hide(s *result.Scenario, show Parts) {
	if show&Mistake == 0 {
		s.Mistake = ""
	}
	if show&Seen == 0 {
		s.Expected, s.Actual = "", ""
		if s.Status != result.Skip && s.Status != result.Error { // of those, it is the only word
			s.Because = ""
		}
	}
	if show&Hint == 0 {
		s.Hint = ""
	}
	if show&Output == 0 {
		s.Output = ""
	}
	if show&Timeline == 0 {
		s.Timeline, s.Untraced, s.Replay, s.Order, s.Histories = nil, "", "", "", nil
	}
	if show&Script == 0 {
		s.Title, s.File, s.Line = "", "", 0
	}
}
