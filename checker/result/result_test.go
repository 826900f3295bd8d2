package result

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func scenarios(statuses ...Status) (out []Scenario) {
	for _, s := range statuses {
		out = append(out, Scenario{Status: s})
	}
	return out
}

func TestScoreIsAPointForEachScenario(t *testing.T) {
	r := Result{Exercises: []Exercise{
		{Scenarios: scenarios(Pass, Pass)},
		{Scenarios: scenarios(Pass, Fail, Deadlock, Timeout)},
		{Status: Todo, Scenarios: scenarios(Skip, Skip, Skip)},
	}}
	r.Sum()
	require.Equal(t, 3, r.Score)
	require.Equal(t, 9, r.MaxScore)
	require.Equal(t, Pass, r.Exercises[0].Status)
	require.Equal(t, Fail, r.Exercises[1].Status)
	require.Equal(t, Todo, r.Exercises[2].Status)
	require.Equal(t, Schema, r.Schema)
}

func TestWhatTheMachineDoesNotAllowCountsForNothing(t *testing.T) {
	r := Result{Exercises: []Exercise{{Scenarios: append(scenarios(Pass), Scenario{Status: Skip, Because: "no listener"})}}}
	r.Sum()
	require.Equal(t, 1, r.Score)
	require.Equal(t, 1, r.MaxScore)
	require.Equal(t, Pass, r.Exercises[0].Status)
}

func TestExitStatusTellsWrongFromCouldNotJudge(t *testing.T) {
	for _, c := range []struct {
		name string
		e    Exercise
		want int
	}{
		{"passed", Exercise{Scenarios: scenarios(Pass)}, 0},
		{"failed", Exercise{Scenarios: scenarios(Pass, Fail)}, 1},
		{"deadlock", Exercise{Scenarios: scenarios(Deadlock)}, 1},
		{"does not compile", Exercise{Status: Error, Message: "x", Scenarios: scenarios(Skip)}, 1},
		{"not begun", Exercise{Status: Todo, Scenarios: scenarios(Skip)}, 1},
		{"spoiled by the machine", Exercise{Scenarios: scenarios(Fail, Error, Pass)}, 3},
		{"no scenarios", Exercise{}, 3},
	} {
		r := Result{Exercises: []Exercise{c.e}}
		r.Sum()
		require.Equal(t, c.want, r.ExitStatus(), c.name)
	}
}
