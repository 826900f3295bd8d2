//go:build linux

package class

import (
	"testing"

	"forklings/checker/grade/minikit"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

func TestACourseGivesPointsWithoutGradingAnew(t *testing.T) {
	k, dir := minikit.New(t), t.TempDir()
	hand(t, dir, "ann/greet/greet.go", good)
	s := noted(t, k, dir)
	var key string
	require.NoError(t, s.db.QueryRow("SELECT key FROM part WHERE key<>''").Scan(&key))
	e := result.Exercise{Name: "greet", Scenarios: []result.Scenario{{Name: "again", Status: result.Pass}, {Name: "by-name", Status: result.Fail, Mistake: "shouts"},
		{Name: "goes-on", Status: result.Pass}, {Name: "no-name", Status: result.Skip, Because: "not allowed here"}}}
	e.Sum()
	require.NoError(t, s.keep(key, "kit", "tier", e))
	row := gradebook(t, s)["ann"]
	require.Equal(t, []string{"2", "0", "2", "5"}, []string{row["greet"], row["toil"], row["total"], row["max"]})

	asked := map[result.Status]bool{}
	s.Weigh = func(r *result.Result) *result.Result {
		require.Len(t, r.Exercises, 3)
		require.Len(t, r.Exercises[0].Scenarios, 4)
		require.Len(t, r.Exercises[2].Scenarios, 1, "what was not begun has its scenarios too")
		asked[r.Exercises[0].Scenarios[1].Status] = true
		out := *r
		out.Exercises = []result.Exercise{r.Exercises[0]}
		out.Exercises[0].Score *= 10
		out.Exercises[0].MaxScore *= 10
		out.Score, out.MaxScore = out.Exercises[0].Score, out.Exercises[0].MaxScore
		return &out
	}
	row = gradebook(t, s)["ann"]
	require.Equal(t, map[string]string{"learner": "ann", "greet": "20", "total": "20", "max": "30", "note": ""}, row)
	require.Equal(t, map[result.Status]bool{result.Fail: true, result.Skip: true}, asked, "ann, and somebody who has begun nothing")
}
