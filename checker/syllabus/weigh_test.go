package syllabus

import (
	"math/rand/v2"
	"testing"

	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

// exercise is the grade of one, with these outcomes by the scenarios' names.
func exercise(name string, number int, outcomes ...any) (e result.Exercise) {
	e.Name, e.Number = name, number
	for i := 0; i < len(outcomes); i += 2 {
		e.Scenarios = append(e.Scenarios, result.Scenario{Name: outcomes[i].(string), Status: outcomes[i+1].(result.Status)})
	}
	return e
}

func graded(exercises ...result.Exercise) *result.Result {
	r := &result.Result{Exercises: exercises}
	r.Sum()
	return r
}

func join(outcomes ...any) *result.Result { return graded(exercise("join", 7, outcomes...)) }

// additive: every score is the sum of those below it, and none is above its maximum.
func additive(t *testing.T, r *result.Result) {
	t.Helper()
	score, extra, most := 0, 0, 0
	for _, e := range r.Exercises {
		s, m := 0, 0
		for _, one := range e.Scenarios {
			require.LessOrEqual(t, one.Score, one.MaxScore)
			s, m = s+one.Score, m+one.MaxScore
		}
		require.Equal(t, []int{s, m}, []int{e.Score, e.MaxScore}, e.Name)
		if e.Extra {
			extra += s
		} else {
			score, most = score+s, most+m
		}
	}
	require.Equal(t, []int{min(score+extra, most), most}, []int{r.Score, r.MaxScore})
}

func TestPointsAreSharedOutInWholeNumbers(t *testing.T) {
	require.Equal(t, []int{4, 3, 3}, share(10, []int{1, 1, 1}))
	require.Equal(t, []int{6, 2, 2}, share(10, []int{3, 1, 1}))
	require.Equal(t, []int{1, 0, 0}, share(1, []int{1, 1, 1}))
	require.Equal(t, []int{0, 0}, share(5, []int{0, 0}))
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		points, weights, sum := random.IntN(mostPoints), make([]int, 1+random.IntN(20)), 0
		for i := range weights {
			weights[i] = 1 + random.IntN(mostPoints)
		}
		for _, s := range share(points, weights) {
			require.GreaterOrEqual(t, s, 0)
			sum += s
		}
		require.Equal(t, points, sum)
	}
}

func TestWeighGivesTheCoursesPoints(t *testing.T) {
	c := parse(t, small(t), "exercises: {join: {points: 10, scenarios: {twice: {weight: 3}}}}")
	r := c.Weigh(join("after-end", result.Pass, "killed", result.Fail, "twice", result.Pass))
	additive(t, r)
	require.Equal(t, 8, r.Score)
	require.Equal(t, 10, r.MaxScore)
	require.Equal(t, result.Fail, r.Exercises[0].Status)
	require.Equal(t, 10, c.Weigh(join("after-end", result.Pass, "killed", result.Pass, "twice", result.Pass)).Score)
}

func TestAllPointsTakeAPassOfAll(t *testing.T) {
	for _, points := range []string{"1", "2", "5", "10", "1000000"} {
		c := parse(t, small(t), "exercises: {join: {points: "+points+", scenarios: {twice: {weight: 5}, killed: {weight: 0}}}}")
		for _, outcomes := range [][]any{
			{"after-end", result.Fail, "killed", result.Pass, "twice", result.Pass},
			{"after-end", result.Pass, "killed", result.Pass, "twice", result.Fail},
			{"after-end", result.Fail, "killed", result.Fail, "twice", result.Fail},
			{"after-end", result.Pass, "killed", result.Fail, "twice", result.Pass}, // weighs nothing
		} {
			r := c.Weigh(join(outcomes...))
			additive(t, r)
			require.Equal(t, outcomes[1] == result.Pass && outcomes[5] == result.Pass, r.Score == r.MaxScore, "%s %v", points, outcomes)
		}
	}
}

func TestWeighChangesNothingInWhatItIsGiven(t *testing.T) {
	c := parse(t, small(t), "defaults: {points: 10, show: nothing}")
	r := join("after-end", result.Pass, "killed", result.Fail)
	r.Exercises[0].Scenarios[1].Hint = "a hint"
	c.Hide(c.Weigh(c.Complete(r, lang.English)))
	require.Equal(t, 1, r.Score)
	require.Len(t, r.Exercises, 1)
	require.Equal(t, "a hint", r.Exercises[0].Scenarios[1].Hint)
	require.Equal(t, 1, r.Exercises[0].Scenarios[0].MaxScore)
}

func TestAllOrNothing(t *testing.T) {
	c := parse(t, small(t), "defaults: {points: 10, partial: no}")
	for want, outcomes := range map[int][]any{
		0:  {"after-end", result.Pass, "killed", result.Timeout, "twice", result.Pass},
		10: {"after-end", result.Pass, "killed", result.Pass, "twice", result.Pass},
	} {
		r := c.Weigh(join(outcomes...))
		additive(t, r)
		require.Equal(t, want, r.Score)
	}
}

func TestWhatTheMachineDoesNotAllowTakesNoPointsAway(t *testing.T) {
	c := parse(t, small(t), "defaults: {points: 10, partial: no}")
	given := join("after-end", result.Pass, "killed", result.Skip, "twice", result.Pass)
	given.Exercises[0].Scenarios[1].Because = "nobody may trace here"
	r := c.Weigh(given)
	additive(t, r)
	require.Equal(t, 10, r.Score)
	require.Equal(t, 10, r.MaxScore)
}

func TestExtraPointsAreAddedAndNotMissed(t *testing.T) {
	c := parse(t, small(t), "defaults: {points: 10}\nexercises: {identity: {required: no}, target: {graded: no}}")
	full := exercise("join", 7, "after-end", result.Pass, "killed", result.Pass, "twice", result.Pass)
	half := exercise("join", 7, "after-end", result.Fail, "killed", result.Fail, "twice", result.Pass)
	for _, x := range []struct {
		extra result.Status
		join  result.Exercise
		want  int
	}{{result.Pass, full, 10}, {result.Fail, full, 10}, {result.Pass, half, 10}, {result.Fail, half, 3}} {
		r := c.Weigh(graded(exercise("identity", 1, "self", x.extra), exercise("target", 2, "child", result.Pass), x.join))
		additive(t, r)
		require.Len(t, r.Exercises, 2)
		require.Equal(t, x.want, r.Score)
		require.Equal(t, 10, r.MaxScore)
	}
	r := c.Weigh(graded(exercise("identity", 1, "self", result.Fail), full))
	require.Equal(t, 0, r.ExitStatus(), "what is extra fails nobody")
	require.Equal(t, 1, c.Weigh(graded(exercise("identity", 1, "self", result.Pass), half)).ExitStatus())
}

func TestWhatWasNotHandedInIsThereAndCountsNothing(t *testing.T) {
	c := parse(t, small(t), "chapters: {Waiting: {points: 20}}\nexercises: {identity: {graded: no}}")
	r := c.Weigh(c.Complete(join("after-end", result.Pass, "killed", result.Pass, "twice", result.Pass), lang.English))
	additive(t, r)
	require.Len(t, r.Exercises, 2)
	require.Equal(t, "target", r.Exercises[0].Name)
	require.Equal(t, result.Todo, r.Exercises[0].Status)
	require.Equal(t, "not handed in: there is no folder 02-target or target", r.Exercises[0].Message)
	require.Equal(t, 20, r.Score)
	require.Equal(t, 22, r.MaxScore)
	require.Equal(t, 1, r.ExitStatus())
}

func TestHideLeavesWhatTheCourseShows(t *testing.T) {
	s := result.Scenario{Name: "killed", Status: result.Fail, Title: "Killed.", Mistake: "polls", Because: "b", Expected: "e", Actual: "a",
		File: "f", Line: 3, Hint: "h", Output: "o", Timeline: []result.Event{{}}, Replay: "r", Order: "x", Untraced: "u"}
	for show, want := range map[string]result.Scenario{
		"all":              s,
		"nothing":          {Name: "killed", Status: result.Fail},
		"[mistake, hint]":  {Name: "killed", Status: result.Fail, Mistake: "polls", Hint: "h"},
		"[seen, output]":   {Name: "killed", Status: result.Fail, Because: "b", Expected: "e", Actual: "a", Output: "o"},
		"[timeline]":       {Name: "killed", Status: result.Fail, Timeline: s.Timeline, Replay: "r", Order: "x", Untraced: "u"},
		"[script, script]": {Name: "killed", Status: result.Fail, Title: "Killed.", File: "f", Line: 3},
	} {
		c := parse(t, small(t), "exercises: {join: {show: "+show+"}}")
		r := c.Hide(&result.Result{Exercises: []result.Exercise{{Name: "join", Message: "m", Scenarios: []result.Scenario{s}}}})
		require.Equal(t, want, r.Exercises[0].Scenarios[0], show)
		require.Equal(t, "m", r.Exercises[0].Message)
	}
	skipped := result.Scenario{Name: "killed", Status: result.Skip, Because: "nobody may trace here"}
	c := parse(t, small(t), "defaults: {show: nothing}")
	r := c.Hide(&result.Result{Exercises: []result.Exercise{{Name: "join", Scenarios: []result.Scenario{skipped}}}})
	require.Equal(t, skipped, r.Exercises[0].Scenarios[0])
}
