package lesson

import (
	"context"
	"slices"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/progress"
	"forklings/checker/render"
	"forklings/checker/result"
)

// Summarize puts together what is known of the way through these chapters. The grader's kit and language count; with timelines, one
// scenario of each exercise that passes is played under the tracer, where that is not remembered.
func Summarize(ctx context.Context, g *grade.Grader, store *progress.Store, chapters []kit.Chapter, handed []attempt.Handed, verdicts []result.Exercise, timelines bool) ([]render.SummaryChapter, error) {
	verdict := map[string]result.Exercise{}
	for _, e := range verdicts {
		verdict[e.Name] = e
	}
	passing := map[string]result.Scenario{}
	if timelines {
		pick := map[string]string{}
		for _, c := range chapters {
			for _, t := range c.Topics {
				if e := verdict[t.Name]; e.Status == result.Pass {
					pick[t.Name] = telling(e, store.Journey(t.Name))
				}
			}
		}
		var err error
		if passing, err = store.Traced(ctx, g, handed, pick); passing == nil {
			return nil, err
		}
	}
	var all []render.SummaryChapter
	for _, c := range chapters {
		shown := render.SummaryChapter{Title: c.Title.In(g.Lang)}
		if c.Number == 0 { // of no chapter
			shown.Title = g.Lang.Text("Further exercises")
		}
		for _, t := range c.Topics {
			shown.Exercises = append(shown.Exercises, summarize(g, t.Exercise, verdict[t.Name], store.Journey(t.Name), passing[t.Name]))
		}
		all = append(all, shown)
	}
	return all, nil
}

func summarize(g *grade.Grader, e kit.Exercise, verdict result.Exercise, j progress.Journey, passing result.Scenario) render.SummaryExercise {
	s := render.SummaryExercise{Number: e.Number, Name: e.Name, Title: verdict.Title, Status: verdict.Status, Attempts: j.Attempts, Passed: j.Passed, Passing: passing}
	if verdict.Status == result.Pass {
		s.Learnt, _ = e.Learnt(g.Lang)
		if j.On > 0 {
			s.Attempts = j.On
		}
	}
	for _, m := range j.Mistakes {
		s.Mistakes = append(s.Mistakes, render.SummaryMistake{Name: m.Name, Question: grade.Hint(e, g.Lang, m.Name, 1), Failed: m.Scenario()})
	}
	return s
}

// telling is the scenario to show of an exercise that passes: where the first mistake was made, or else the first that has one run
// only; of what is explored, no run tells more than another.
func telling(e result.Exercise, j progress.Journey) string {
	single := func(name string) bool {
		return slices.ContainsFunc(e.Scenarios, func(s result.Scenario) bool { return s.Name == name && s.Orders == 0 && s.Status == result.Pass })
	}
	for _, m := range j.Mistakes {
		if name := m.Scenario().Name; single(name) {
			return name
		}
	}
	for _, s := range e.Scenarios {
		if single(s.Name) {
			return s.Name
		}
	}
	return ""
}
