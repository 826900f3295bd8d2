package format

import (
	"io"

	"forklings/checker/result"
)

type prairieForm struct {
	Gradable bool          `json:"gradable"`
	Score    float64       `json:"score"`
	Errors   []string      `json:"format_errors,omitempty"`
	Message  string        `json:"message"`
	Tests    []prairieTest `json:"tests"`
}

type prairieTest struct {
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Points      float64 `json:"points"`
	MaxPoints   float64 `json:"max_points"`
	Message     string  `json:"message,omitempty"`
	Output      string  `json:"output,omitempty"`
}

// mostPrairie is less than the MB that PrairieLearn takes.
const mostPrairie = 950_000

// prairielearn is the results.json of PrairieLearn's external graders. A submission that is not gradable costs no attempt and no points.
func prairielearn(w io.Writer, r *result.Result, m Meta) error {
	r = clean(r)
	all := tests(r, m)
	points, most := sum(all)
	form := prairieForm{Gradable: most > 0, Message: m.Style.Lang.Sprintf("%s of %s points", number(points), number(most))}
	if most > 0 {
		form.Score = min(max(tidy(points/most), 0), 1)
	} else {
		form.Errors = []string{m.Style.Lang.Text("nothing here can be judged on this machine")}
	}
	for _, t := range all {
		if t.outcome == faulty {
			form.Gradable, form.Score = false, 0
			form.Errors = append(form.Errors, t.name+": "+t.headline(m))
		}
	}
	data := fit(mostPrairie, func(longest int) []byte {
		form.Tests = []prairieTest{}
		for _, t := range all {
			form.Tests = append(form.Tests, prairieTest{Name: t.name, Description: t.Title, Points: tidy(t.points), MaxPoints: tidy(t.most),
				Message: t.headline(m), Output: t.detail(longest)})
		}
		return object(form)
	})
	_, err := w.Write(data)
	return err
}
