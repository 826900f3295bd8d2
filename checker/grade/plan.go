package grade

import (
	"path/filepath"

	"forklings/checker/attempt"
	"forklings/checker/result"
)

// Plan is the result as long as nothing is graded: every scenario once, and none of them anybody's fault but the run's, which has
// not come to it. Exercises replace theirs as they are decided.
func (g *Grader) Plan(handed []attempt.Handed) (*result.Result, error) {
	version, err := g.Kit.Version()
	if err != nil {
		return nil, err
	}
	r := &result.Result{Kit: version, Tier: string(g.Sandbox.Tier), Walls: g.walls()}
	for _, h := range handed {
		e := result.Exercise{Name: h.Exercise.Name, Number: h.Exercise.Number, Status: result.Error, Fault: true,
			Message: g.Lang.Text("not graded: the run ended before it came to this exercise")}
		e.Title, _ = h.Exercise.Title(g.Lang)
		scenarios, err := h.Exercise.Scenarios()
		if err != nil {
			return nil, err
		}
		for _, s := range scenarios {
			e.Scenarios = append(e.Scenarios, result.Scenario{Name: s.Name, Title: s.Titles.In(g.Lang), File: g.relative(s.File), Status: result.Skip})
		}
		r.Exercises = append(r.Exercises, e)
	}
	r.Sum()
	return r, nil
}

// relative is the script's path as others know it, from the kit's root.
func (g *Grader) relative(file string) string {
	if rel, err := filepath.Rel(g.Kit.Root, file); err == nil {
		return rel
	}
	return file
}
