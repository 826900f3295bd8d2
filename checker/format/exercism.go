package format

import (
	"fmt"
	"io"

	"forklings/checker/result"
)

type exercismForm struct {
	Version int            `json:"version"`
	Status  string         `json:"status"`
	Message string         `json:"message,omitempty"`
	Tests   []exercismTest `json:"tests"`
}

type exercismTest struct {
	Name     string `json:"name"`
	Status   string `json:"status"`
	Message  string `json:"message,omitempty"`
	Output   string `json:"output,omitempty"`
	TestCode string `json:"test_code,omitempty"`
}

// Exercism cuts these itself, in the middle of a character where it comes to that.
const (
	mostExercismMessage = 60000
	mostExercismOutput  = 500
)

// exercism is the results.json of Exercism's test runners: of one exercise, its scenarios in their order.
// See https://exercism.org/docs/building/tooling/test-runners/interface.
func exercism(w io.Writer, r *result.Result, m Meta) error {
	if len(r.Exercises) != 1 {
		return fmt.Errorf("the exercism form is for one exercise, and there are %d", len(r.Exercises))
	}
	r = clean(r)
	all := tests(r, m)
	form := exercismForm{Version: 3, Status: "pass", Tests: []exercismTest{}}
	played := false
	for _, t := range all {
		x := exercismTest{Name: t.name, Status: "pass", TestCode: t.Title, Output: cut(quiet(t.Output), mostExercismOutput)}
		switch t.outcome {
		case skipped:
			x.Output = cut(t.headline(m), mostExercismOutput)
		case failed:
			x.Status, x.Message = "fail", t.detail(mostExercismMessage)
		case faulty:
			x.Status, x.Message = "error", t.detail(mostExercismMessage)
		}
		if x.Status != "pass" {
			form.Status = "fail"
		}
		played = played || t.Status != result.Skip && t.outcome != faulty
		form.Tests = append(form.Tests, x)
	}
	if !played && form.Status == "fail" { // no test has told anything of the attempt
		form.Status, form.Message = "error", all[0].detail(mostExercismMessage)
	}
	_, err := w.Write(object(form))
	return err
}
