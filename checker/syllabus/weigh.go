package syllabus

import (
	"slices"

	"forklings/checker/lang"
	"forklings/checker/result"
)

// Weigh is the result with the course's points. An exercise that does not count is left out. The points of an exercise are shared
// out among its scenarios, in whole numbers, so that every sum holds: a scenario's score, its exercise's, and the whole.
// Extra points are added to the whole up to what can be had without them. The result that was given is left as it is.
func (c *Course) Weigh(r *result.Result) *result.Result {
	out := copied(r)
	out.Exercises = slices.DeleteFunc(out.Exercises, func(e result.Exercise) bool { return !c.Graded(e.Name) })
	out.Score, out.MaxScore = 0, 0
	for i := range out.Exercises {
		e := &out.Exercises[i]
		c.exercise(e.Name).weigh(e)
		out.Score += e.Score
		if !e.Extra {
			out.MaxScore += e.MaxScore
		}
	}
	out.Score = min(out.Score, out.MaxScore)
	return out
}

// Complete is the result with every exercise that counts, in the course's order: what was not handed in is there as todo, with
// this message. The result that was given is left as it is.
func (c *Course) Complete(r *result.Result, l lang.Lang) *result.Result {
	out := copied(r)
	for _, x := range c.Exercises {
		if !x.Graded || slices.ContainsFunc(out.Exercises, func(e result.Exercise) bool { return e.Name == x.Name }) {
			continue
		}
		e := result.Exercise{Name: x.Name, Number: x.Number, Title: x.Titles.In(l), Status: result.Todo,
			Message: l.Sprintf("not handed in: there is no folder %s or %s", x.Folder, x.Name)}
		for _, s := range x.Scenarios {
			e.Scenarios = append(e.Scenarios, result.Scenario{Name: s.Name, Title: s.Titles.In(l), Status: result.Skip})
		}
		out.Exercises = append(out.Exercises, e)
	}
	slices.SortStableFunc(out.Exercises, func(a, b result.Exercise) int { return a.Number - b.Number })
	out.Sum()
	return out
}

// weigh rounds an exercise's points down, so that all of them take a pass of all that weighs something. What it came to is shared
// out among the scenarios that passed, the rest among the others: with few points for many scenarios, a scenario can be worth a
// point more or less in another attempt.
func (x *Exercise) weigh(e *result.Exercise) {
	n := len(e.Scenarios)
	won, lost := make([]int, n), make([]int, n)
	sum, had, whole := 0, 0, true
	for i, s := range e.Scenarios {
		own := x.scenario(s.Name)
		if own == nil || !s.Counts() {
			continue
		}
		sum += own.Weight
		if s.Status == result.Pass {
			won[i] = own.Weight
			had += own.Weight
		} else {
			lost[i] = own.Weight
			whole = false
		}
	}
	e.Extra, e.Score, e.MaxScore = !x.Required, 0, 0
	if sum > 0 {
		e.Score, e.MaxScore = x.Points*had/sum, x.Points
	}
	for i, points := range share(e.Score, won) {
		e.Scenarios[i].Score, e.Scenarios[i].MaxScore = points, points
	}
	for i, points := range share(e.MaxScore-e.Score, lost) {
		e.Scenarios[i].MaxScore += points
	}
	if !x.Partial && !whole {
		e.Score = 0
		for i := range e.Scenarios {
			e.Scenarios[i].Score = 0
		}
	}
}

func (x *Exercise) scenario(name string) *Scenario {
	if i := slices.IndexFunc(x.Scenarios, func(s Scenario) bool { return s.Name == name }); i >= 0 {
		return &x.Scenarios[i]
	}
	return nil
}

// share gives every weight its share of the points, in whole numbers that add up to them: each share is rounded down, and what is
// left goes to the largest remainders, the first of equals first. Without weights nobody gets anything.
func share(points int, weights []int) []int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	shares := make([]int, len(weights))
	if sum == 0 {
		return shares
	}
	order := make([]int, 0, len(weights))
	left := points
	for i, w := range weights {
		shares[i] = points * w / sum
		left -= shares[i]
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return points*weights[b]%sum - points*weights[a]%sum })
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}

// copied shares nothing with the original that Weigh, Complete or Hide change.
func copied(r *result.Result) *result.Result {
	out := *r
	out.Exercises = slices.Clone(r.Exercises)
	for i := range out.Exercises {
		out.Exercises[i].Scenarios = slices.Clone(out.Exercises[i].Scenarios)
	}
	return &out
}
