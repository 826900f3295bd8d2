package format

import (
	"bytes"
	"encoding/json"
	"io"

	"forklings/checker/result"
)

type gradescopeForm struct {
	Output     string            `json:"output,omitempty"`
	Format     string            `json:"output_format"`
	Stdout     string            `json:"stdout_visibility"`
	Visibility string            `json:"visibility"`
	Tests      []gradescopeTest  `json:"tests"`
	Score      float64           `json:"score"`
	Extra      map[string]string `json:"extra_data"`
}

type gradescopeTest struct {
	Score    float64 `json:"score"`
	MaxScore float64 `json:"max_score"`
	Status   string  `json:"status,omitempty"`
	Name     string  `json:"name"`
	Number   string  `json:"number"`
	Output   string  `json:"output"`
	Format   string  `json:"output_format"`
}

// mostGradescope keeps the page of a submission quick to open.
const mostGradescope = 2 << 20

// gradescope is the results.json of Gradescope. Text is shown there in a monospaced font.
func gradescope(w io.Writer, r *result.Result, m Meta) error {
	r = clean(r)
	m.fixed = true
	all := tests(r, m)
	data := fit(mostGradescope, func(most int) []byte {
		form := gradescopeForm{Format: "text", Stdout: "hidden", Visibility: "visible", Tests: []gradescopeTest{},
			Extra: map[string]string{"schema": result.Schema, "kit": r.Kit, "tier": r.Tier, "walls": r.Walls}}
		unjudged := 0
		for _, t := range all {
			g := gradescopeTest{Score: tidy(t.points), MaxScore: tidy(t.most), Name: t.name, Number: t.number, Output: t.detail(most), Format: "text"}
			if t.Title != "" {
				g.Name += ": " + t.Title
			}
			switch t.outcome {
			case passed:
				g.Status = "passed"
			case failed:
				g.Status = "failed"
			case faulty:
				unjudged++
			}
			form.Tests = append(form.Tests, g)
		}
		if unjudged > 0 {
			form.Output = m.Style.Lang.Sprintf("%d of %d scenarios were not judged: the fault is the grader's or the machine's, not the attempt's. They count for nothing until it is graded again.", unjudged, len(all))
		}
		form.Score, _ = sum(all)
		return object(form)
	})
	_, err := w.Write(data)
	return err
}

// object is an indented JSON object. What HTML would read is escaped.
func object(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.Encode(v) // of strings and finite numbers only: there is no error
	return b.Bytes()
}
