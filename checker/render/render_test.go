package render

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

func sample() *result.Result {
	r := &result.Result{Kit: "abc", Tier: "namespaces", Exercises: []result.Exercise{
		{Name: "join", Number: 7, Scenarios: []result.Scenario{
			{Name: "after-end", Status: result.Pass},
			{Name: "twice", Title: "A second Join returns.", Status: result.Deadlock, Mistake: "second-join-hangs", Because: "nothing can move any more",
				Expected: "parent is held at joined-again", Actual: "parent is alive and asleep in wait", File: "exercises/07-join/testdata/twice.txtar", Line: 9,
				Hint: "What does the kernel know\nof a child that was waited for?", Output: "parent: <hello> & \"bye\"\n"},
			{Name: "late", Status: result.Fail, Mistake: "polls", Expected: "only with All"},
		}},
		{Name: "wait", Number: 8, Status: result.Error, Message: "wait.go:3: undefined: x"},
	}}
	r.Sum()
	return r
}

func text(t *testing.T, s Style) string {
	var b bytes.Buffer
	require.NoError(t, Text(&b, sample(), s))
	return b.String()
}

func TestTextShowsTheFirstFailureInFull(t *testing.T) {
	out := text(t, Style{})
	for _, want := range []string{"second-join-hangs", "twice.txtar:9", "A second Join returns.", "seen     parent is alive", "of a child that was waited for?",
		`output   parent: <hello> & "bye"`, "wait.go:3: undefined: x", "1 of 3 points"} {
		require.Contains(t, out, want)
	}
	require.NotContains(t, out, "only with All")
	require.Contains(t, text(t, Style{All: true}), "only with All")
}

func TestTextKeepsToTheWidthAndColoursOnlyWhenAsked(t *testing.T) {
	for line := range strings.Lines(text(t, Style{Width: 60})) {
		require.LessOrEqual(t, len([]rune(strings.TrimRight(line, "\n"))), 60, line)
	}
	require.NotContains(t, text(t, Style{}), "\x1b")
	require.Contains(t, text(t, Style{Color: true}), "\x1b[31m")
}

func TestJSONHasListsAndNoNull(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, JSON(&b, sample()))
	require.NotContains(t, b.String(), "null")
	require.Contains(t, b.String(), `<hello> & \"bye\"`)
	var back result.Result
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	require.Equal(t, "second-join-hangs", back.Exercises[0].Scenarios[1].Mistake)
	require.Equal(t, result.Schema, back.Schema)
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, bytes.ErrTooLarge }

func TestAWriteThatFailsIsReported(t *testing.T) {
	require.Error(t, Text(broken{}, sample(), Style{}))
	require.Error(t, JSON(broken{}, sample()))
}

func TestNoLineEndsInABlank(t *testing.T) {
	for line := range strings.Lines(text(t, Style{})) {
		require.Equal(t, strings.TrimRight(line, " \n")+"\n", line)
	}
}

func TestALongLineOfOutputIsBrokenOnATerminalOnly(t *testing.T) {
	e := result.Exercise{Name: "join", Status: result.Fail, Scenarios: []result.Scenario{
		{Name: "late", Status: result.Fail, Mistake: "polls", Output: "parent:\t" + strings.Repeat("x", 100) + "\n"},
	}}
	show := func(width int) string {
		var b bytes.Buffer
		require.NoError(t, Exercise(&b, e, Style{Width: width}))
		return b.String()
	}
	require.Contains(t, show(0), "output   parent:    "+strings.Repeat("x", 100)+"\n")
	require.Contains(t, show(40), "output   parent:    "+strings.Repeat("x", 16)+"\n             "+strings.Repeat("x", 27)+"\n")
}

func TestFillKeepsCodeAndListsAsTheyAre(t *testing.T) {
	require.Equal(t, []string{
		"One two three four", "five.", "", "    code  that is longer than the room", "", "- an item that is", "long", "- another", "```", "x  =  1", "```", "End.",
	}, Fill("One two\nthree four five.\n\n    code  that is longer than the room\n\n- an item that is long\n- another\n```\nx  =  1\n```\nEnd.", 18))
}

func TestTheNextExerciseStandsApartFromALongOne(t *testing.T) {
	require.Contains(t, text(t, Style{}), "\n\nerror     wait\n")
}

func TestWhatIsNotBegunIsFilledOnATerminalOnly(t *testing.T) {
	r := &result.Result{Exercises: []result.Exercise{{Name: "join", Status: result.Todo, Message: "not begun: exercises/07-join/README.md says what join.go has to do"}}}
	for width, want := range map[int]string{0: "has to do\n", 60: "says what\n      join.go has to do\n"} {
		var b bytes.Buffer
		require.NoError(t, Text(&b, r, Style{Width: width}))
		require.Contains(t, b.String(), want)
	}
}
