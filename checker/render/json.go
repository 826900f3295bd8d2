package render

import (
	"encoding/json"
	"io"

	"forklings/checker/result"
)

// JSON writes the result as one indented object, in the form of schema forklings/result/v1.
func JSON(w io.Writer, r *result.Result) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(withLists(r))
}

// withLists is the result with empty lists where there are none, so that a reader finds [] and never null.
func withLists(r *result.Result) result.Result {
	out := *r
	out.Exercises = append([]result.Exercise{}, r.Exercises...)
	for i, e := range out.Exercises {
		scenarios := append([]result.Scenario{}, e.Scenarios...)
		for j := range scenarios {
			if scenarios[j].Timeline == nil {
				scenarios[j].Timeline = []result.Event{}
			}
		}
		out.Exercises[i].Scenarios = scenarios
	}
	return out
}
