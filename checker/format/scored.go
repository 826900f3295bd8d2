package format

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"forklings/checker/render"
	"forklings/checker/result"
)

// test is one scenario, as platforms speak of tests.
type test struct {
	result.Scenario
	exercise     *result.Exercise
	name         string // "join/after-end"
	number       string // "7.1"
	outcome      outcome
	points, most float64
	first        string // the exercise's first, which carries what there is to say of the whole exercise
	said         string // all there is to say of it
}

type outcome int

const (
	failed  outcome = iota
	passed          //
	skipped         // the machine does not allow it: it counts for nothing
	faulty          // not judged, by the machine's or the kit's fault
)

// tests are the scenarios of a clean result in their order, each exactly once. An exercise without any stands for itself.
func tests(r *result.Result, m Meta) (all []test) {
	for i := range r.Exercises {
		e := &r.Exercises[i]
		scenarios := e.Scenarios
		if len(scenarios) == 0 {
			scenarios = []result.Scenario{{Title: e.Title, Status: result.Skip}}
		}
		scale := 1.0 // what cannot be had here, shared out over what can
		if m.fixed && !m.Weighed && e.MaxScore > 0 {
			scale = float64(len(e.Scenarios)) / float64(e.MaxScore)
		}
		first := ""
		for j, s := range scenarios {
			t := test{Scenario: s, exercise: e, number: fmt.Sprintf("%d.%d", e.Number, j+1), name: strings.TrimSuffix(e.Name+"/"+s.Name, "/"), first: first}
			first = or(first, t.name)
			switch whole := e.Fault && e.Message != ""; {
			case s.Status == result.Pass:
				t.outcome = passed
			case s.Status == result.Skip && s.Because != "":
				t.outcome = skipped
			case s.Status == result.Error, s.Status == result.Skip && whole:
				t.outcome = faulty
			}
			t.said = t.all(m)
			t.points = float64(s.Score) * scale
			if !e.Extra {
				t.most = float64(s.MaxScore) * scale
			}
			all = append(all, t)
		}
	}
	room := 0.0 // for extra points: the whole cannot be more than all
	for _, t := range all {
		if room += t.most; !t.exercise.Extra {
			room -= t.points
		}
	}
	for i, t := range all {
		if t.exercise.Extra {
			all[i].points = min(t.points, room)
			room -= all[i].points
		}
	}
	return all
}

// sum is what all tests have and could have.
func sum(all []test) (points, most float64) {
	for _, t := range all {
		points += t.points
		most += t.most
	}
	return tidy(points), tidy(most)
}

// tidy takes away what adding thirds leaves behind.
func tidy(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// number is as short as it can be: 3, 2.5, 0.33.
func number(x float64) string { return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64) }

// status is the scenario's, or that of its exercise when it was not played for that.
func (t test) status() result.Status {
	if t.Status == result.Skip && t.outcome != skipped {
		return t.exercise.Status
	}
	return t.Status
}

// headline is the outcome in one line; of a test that passed there is none.
func (t test) headline(m Meta) string {
	l := m.Style.Lang
	switch t.outcome {
	case passed:
		return ""
	case skipped:
		return oneLine(l.Sprintf("not played here: %s", t.Because))
	case faulty:
		return l.Text("not judged: the fault is the grader's or the machine's, not the attempt's; it has to be graded again")
	}
	if t.Status == result.Skip {
		if t.first != "" {
			return l.Sprintf("see %s", t.first)
		}
		line, _, _ := strings.Cut(strings.TrimSpace(t.exercise.Message), "\n")
		return oneLine(line)
	}
	return or(t.Mistake, string(t.Status))
}

// detail is what there is to say, in no more than so many bytes.
func (t test) detail(most int) string { return cut(t.said, most) }

// all is what there is to say, in lines for a monospaced font; of a test that passed, nothing.
func (t test) all(m Meta) string {
	var said []string
	switch {
	case t.outcome == passed:
		return ""
	case t.outcome == skipped:
		said = []string{t.headline(m)}
	case t.Status == result.Skip && t.first != "":
		return m.Style.Lang.Sprintf("see %s", t.first)
	case t.outcome == faulty:
		said = []string{t.headline(m), or(t.exercise.Message, t.Because)}
	case t.Status == result.Skip:
		said = []string{t.exercise.Message}
	default:
		var b strings.Builder
		render.Scenario(&b, t.Scenario, render.Style{Lang: m.Style.Lang, All: true, Full: m.Style.Full})
		said = []string{b.String()}
	}
	return quiet(dedent(strings.ReplaceAll(strings.Join(said, "\n"), "\t", "    ")))
}

// dedent takes away the blanks that all lines begin with, and empty lines around.
func dedent(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	common := math.MaxInt
	for _, line := range lines {
		if rest := strings.TrimLeft(line, " "); rest != "" {
			common = min(common, len(line)-len(rest))
		}
	}
	for i, line := range lines {
		lines[i] = line[min(common, len(line)):]
	}
	return strings.Join(lines, "\n")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
