//go:build linux

package grade

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"forklings/checker/attempt"
	"forklings/checker/grade/minikit"
	"forklings/checker/hints"
	"forklings/checker/lang"
	"forklings/checker/result"
	"forklings/checker/sandbox"

	"github.com/stretchr/testify/require"
)

func grader(t *testing.T) *Grader {
	t.Setenv("TMPDIR", t.TempDir())
	box, err := sandbox.Best()
	require.NoError(t, err)
	return &Grader{Kit: minikit.New(t), Sandbox: box}
}

func TestOneBuildIsPlayedAnyNumberOfTimesAndLeavesNothing(t *testing.T) {
	g := grader(t)
	greet, all, toil := g.Kit.Exercises[0], g.Kit.Exercises[1], g.Kit.Exercises[2]
	var heard []string
	g.Done = func(e result.Exercise) { heard = append(heard, e.Name+" "+string(e.Status)) }
	g.Jobs = 1
	b, err := g.Build(t.Context(), []attempt.Handed{
		attempt.Single(greet, filepath.Join(greet.SolutionDir(), greet.File)),
		attempt.Single(all, filepath.Join(all.SolutionDir(), "missing.go")),
		attempt.Single(toil, toil.StubFile()),
	})
	require.NoError(t, err)
	for range 2 {
		r, err := b.Play(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{4, 6}, []int{r.Score, r.MaxScore})
		require.Equal(t, result.Pass, r.Exercises[0].Status)
		require.Equal(t, filepath.Join("exercises", "01-greet", "testdata", "again.txtar"), r.Exercises[0].Scenarios[0].File)
		require.Equal(t, result.Error, r.Exercises[1].Status)
		require.Contains(t, r.Exercises[1].Message, "missing.go")
		require.Equal(t, result.Todo, r.Exercises[2].Status)
		require.Equal(t, result.Skip, r.Exercises[2].Scenarios[0].Status)
		require.Equal(t, 1, r.ExitStatus())
	}
	require.ElementsMatch(t, []string{"greet pass", "greet-all error", "toil todo", "greet pass", "greet-all error", "toil todo"}, heard)
	b.Close()
	left, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestWithStubsAnUntouchedStubIsGradedLikeAnyOther(t *testing.T) {
	g := grader(t)
	g.Stubs = true
	e := g.Kit.Exercises[0]
	r, err := g.Grade(t.Context(), []attempt.Handed{attempt.Single(e, e.StubFile())})
	require.NoError(t, err)
	require.Equal(t, result.Fail, r.Exercises[0].Status)
	require.Equal(t, "greets-nobody", r.Exercises[0].Scenarios[1].Mistake)
	require.Equal(t, "Whose name is missing?", r.Exercises[0].Scenarios[1].Hint)
}

func TestWhatAnExerciseHasNoTimeLeftForIsNotPlayed(t *testing.T) {
	g := grader(t)
	g.Jobs, g.PlayLimit = 1, 1
	greet := g.Kit.Exercises[0]
	b, err := g.Build(t.Context(), []attempt.Handed{attempt.Single(greet, filepath.Join(greet.SolutionDir(), greet.File))})
	require.NoError(t, err)
	defer b.Close()
	r, err := b.Play(t.Context())
	require.NoError(t, err)
	e := r.Exercises[0]
	require.Equal(t, result.Fail, e.Status)
	require.Equal(t, 1, e.Score, "what was played counts")
	for _, s := range e.Scenarios[1:] {
		require.Equal(t, []string{"timeout", TooLong}, []string{string(s.Status), s.Mistake})
		require.Contains(t, s.Because, "1ns together")
		require.NotEmpty(t, s.Hint)
		require.NotEmpty(t, s.Title)
	}
	r, err = b.Play(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, r.Score, "each play has its own time")
}

func TestACancelledGradeIsNoResult(t *testing.T) {
	g := grader(t)
	e := g.Kit.Exercises[0]
	ctx, cancel := context.WithCancel(t.Context())
	b, err := g.Build(ctx, []attempt.Handed{attempt.Single(e, filepath.Join(e.SolutionDir(), e.File))})
	require.NoError(t, err)
	defer b.Close()
	cancel()
	_, err = b.Play(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestAHintIsTheExercisesOwnOrAGeneralOne(t *testing.T) {
	e := minikit.New(t).Exercises[0]
	require.Equal(t, "How loud is it?", Hint(e, lang.English, "shouts", 1))
	require.Equal(t, "Leave strings.ToUpper out.", Hint(e, lang.English, "shouts", 3))
	require.Contains(t, Hint(e, lang.English, "crashes", 1), "panic")
	require.Equal(t, "What do you say when you meet Ann?", Hint(e, lang.English, hints.Start, 1))
	require.Empty(t, Hint(e, lang.English, "nosuch", 1))
	require.Empty(t, Hint(e, lang.English, "shouts", 4))
}

func TestTheGeneralHintsCanBeRead(t *testing.T) {
	for _, l := range lang.All {
		require.ElementsMatch(t, []string{"crashes", "storms", "floods", "fills-memory", "fills-disk", "hoards-descriptors", "ends-early", TooLong}, General(l).Mistakes())
		require.Len(t, General(l).Tiers(hints.Start), hints.Count)
	}
	require.NotEqual(t, General(lang.English), General(lang.Chinese))
	e := minikit.New(t).Exercises[0]
	require.Contains(t, Hint(e, lang.Chinese, "crashes", 1), "调用栈")
	require.Equal(t, "声音有多大？", Hint(e, lang.Chinese, "shouts", 1))
}
