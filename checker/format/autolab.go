package format

import (
	"encoding/json"
	"fmt"
	"io"

	"forklings/checker/result"
)

// autolab is what Autolab reads on the output of an autograder: the text, and in the last line the scores, a problem for each
// exercise. One that was not judged has no score there, so that the one it has stays; nor has one of which nothing can be played here.
func autolab(w io.Writer, r *result.Result, m Meta) error {
	r = clean(r)
	m.fixed = true
	scores := map[string]float64{}
	var unjudged []string
	for _, t := range tests(r, m) {
		scores[t.exercise.Name] = tidy(scores[t.exercise.Name] + t.points)
		if t.outcome == faulty || t.exercise.MaxScore == 0 {
			unjudged = append(unjudged, t.exercise.Name)
		}
	}
	for _, name := range unjudged {
		delete(scores, name)
	}
	style := m.Style
	style.Color = false
	if err := text(w, r, Meta{Style: style}); err != nil {
		return err
	}
	data, err := json.Marshal(map[string]any{"scores": scores})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s\n", data)
	return err
}
