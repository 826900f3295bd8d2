// Package syllabus reads a teacher's course file: which exercises count and for how much, what of a verdict a learner sees,
// and where grading may take place. It is applied to a result after the grading, as a pure function, so that every format shows
// the same points, and a class can be weighed anew without being graded anew.
package syllabus

import (
	_ "embed"
	"slices"
	"time"

	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/sandbox"
)

// Example is a course file with every key, and with what holds where a key is left out.
//
//go:embed example.yml
var Example []byte

// Course is a course file, with its defaults filled in, for one kit.
type Course struct {
	File      string
	Title     string
	Language  lang.Lang // of what learners read; "" when the file does not say
	Tier      string    // how well scenarios must be walled in at least; "" when the file does not say
	Kit       string    // the kit's version that the file is for; "" for any
	Limits    Limits
	Exercises []Exercise // all of the kit's, in their order
}

// Limits bound an attempt. Zero is the checker's own.
type Limits struct {
	Build    time.Duration
	Exercise time.Duration // for all scenarios of an exercise together
}

// Exercise is how one exercise counts.
type Exercise struct {
	kit.Exercise
	Titles    lang.Texts
	Graded    bool
	Required  bool // else its points are extra
	Partial   bool // else it is all or nothing
	Points    int  // shared out among the scenarios by their weights
	Scenarios []Scenario
}

// Scenario is how one scenario counts in its exercise.
type Scenario struct {
	kit.Scenario
	Weight int
	Show   Parts

	shown bool // the file says it for this scenario
}

// Tiers are the ways in which scenarios are walled in, the best first.
func Tiers() []string {
	tiers := slices.Clone(sandbox.Levels)
	slices.Reverse(tiers)
	return tiers
}

// Default is the course without a file: everything is graded, required and shown, and each scenario is worth a point.
func Default(k *kit.Kit) (*Course, error) {
	c := &Course{}
	for _, e := range k.Exercises {
		scenarios, err := e.Scenarios()
		if err != nil {
			return nil, err
		}
		x := Exercise{Exercise: e, Titles: lang.Texts{}, Graded: true, Required: true, Partial: true, Points: len(scenarios)}
		for _, l := range lang.All {
			x.Titles[l], _ = e.Title(l)
		}
		for _, s := range scenarios {
			x.Scenarios = append(x.Scenarios, Scenario{Scenario: s, Weight: 1, Show: All})
		}
		c.Exercises = append(c.Exercises, x)
	}
	return c, nil
}

// Graded tells whether the exercise of this name counts.
func (c *Course) Graded(name string) bool {
	x := c.exercise(name)
	return x != nil && x.Graded
}

// MaxScore is what can be had where the machine allows every scenario: extra points are not in it.
func (c *Course) MaxScore() (points int) {
	for _, x := range c.Exercises {
		if x.Graded && x.Required {
			points += x.Points
		}
	}
	return points
}

func (c *Course) exercise(name string) *Exercise {
	if i := slices.IndexFunc(c.Exercises, func(x Exercise) bool { return x.Name == name }); i >= 0 {
		return &c.Exercises[i]
	}
	return nil
}
