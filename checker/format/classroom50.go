package format

import (
	"fmt"
	"io"
	"strings"
	"time"

	"forklings/checker/result"
)

type classroom50Form struct {
	Schema         string            `json:"schema"`
	Classroom      string            `json:"classroom"`
	Assignment     string            `json:"assignment"`
	AssignmentType string            `json:"assignment_type"`
	Owner          string            `json:"owner"`
	Submission     string            `json:"submission"`
	Commit         string            `json:"commit"`
	Release        string            `json:"release"`
	Review         string            `json:"review"`
	Datetime       string            `json:"datetime"`
	GradedAt       string            `json:"graded_at"`
	Score          int               `json:"score"`
	MaxScore       int               `json:"max-score"`
	Tests          []classroom50Test `json:"tests"`
}

type classroom50Test struct {
	Name     string `json:"test-name"`
	Passed   bool   `json:"passed"`
	Score    int    `json:"score"`
	MaxScore int    `json:"max-score"`
	Message  string `json:"message,omitempty"`
}

// classroom50Names are the variables that Classroom 50's runner sets; of several in one, the first that is set counts.
var classroom50Names = []string{"CLASSROOM", "ASSIGNMENT", "OWNER USERNAME", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL"}

func classroom50Check(m Meta) error {
	var missing []string
	for _, names := range classroom50Names {
		if m.first(names) == "" {
			missing = append(missing, strings.ReplaceAll(names, " ", " or "))
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the environment lacks %s, which Classroom 50's runner sets: run it as the assignment's autograder", strings.Join(missing, ", "))
	}
	if tag := m.env("SUBMISSION_TAG"); !strings.HasPrefix(tag, "submit/") {
		return fmt.Errorf("SUBMISSION_TAG is %q, and begins with submit/ when Classroom 50's runner sets it", tag)
	}
	return nil
}

// first is the value of the first of these variables that is set.
func (m Meta) first(names string) string {
	for _, name := range strings.Fields(names) {
		if value := oneLine(tame(m.env(name))); value != "" {
			return value
		}
	}
	return ""
}

// mostClassroom50 keeps result.json well below what is collected.
const mostClassroom50 = 512 << 10

// classroom50 is the result.json of Classroom 50, schema classroom50/result/v1. Points are whole there.
func classroom50(w io.Writer, r *result.Result, m Meta) error {
	if err := classroom50Check(m); err != nil {
		return err
	}
	r = clean(r)
	now := m.Time.UTC().Format(time.RFC3339)
	all := tests(r, m)
	points, most := sum(all) // of whole points
	form := classroom50Form{
		Schema: "classroom50/result/v1", Classroom: m.first("CLASSROOM"), Assignment: m.first("ASSIGNMENT"),
		AssignmentType: or(m.first("ASSIGNMENT_TYPE"), "individual"), Owner: m.first("OWNER USERNAME"),
		Submission: m.first("SUBMISSION_TAG"), Commit: m.first("COMMIT_URL"), Release: m.first("RELEASE_URL"),
		Review: m.first("REVIEW_URL COMMIT_URL"), Datetime: now, GradedAt: now,
	}
	form.Score, form.MaxScore = int(points), int(most)
	data := fit(mostClassroom50, func(longest int) []byte {
		form.Tests = []classroom50Test{}
		for _, t := range all {
			form.Tests = append(form.Tests, classroom50Test{Name: t.name, Passed: t.outcome == passed, Score: int(t.points), MaxScore: int(t.most), Message: t.detail(longest)})
		}
		return object(form)
	})
	_, err := w.Write(data)
	return err
}
