package render

import (
	"bytes"
	"testing"
	"time"

	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

func wayThrough() Summary {
	failed := result.Scenario{Name: "one", Status: result.Fail, Mistake: "polls", Expected: "parent asleep", Actual: "parent <busy>",
		Timeline: []result.Event{{Who: "parent", PID: 7, What: "starts child", Kind: result.Starts, Other: "child"}, {Who: "child", PID: 8, What: "exits 0", Kind: result.Ends}}}
	passing := result.Scenario{Title: "Join waits.", Status: result.Pass, Timeline: []result.Event{{Who: "parent", PID: 9, What: "learns: child exits 0", Kind: result.Learns, Other: "child"}}}
	return Summary{Title: "so far", Chapters: []SummaryChapter{
		{Title: "Waiting", Exercises: []SummaryExercise{
			{Number: 7, Name: "join", Title: "Join: wait", Status: result.Pass, Learnt: []string{"Who waits sleeps.", "And reaps."}, Attempts: 2, Passed: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC),
				Mistakes: []SummaryMistake{{"polls", "Who tells `it`, <when>?", failed}}, Passing: passing},
			{Number: 8, Name: "join-timeout", Title: "Join with a timeout", Status: result.Fail, Attempts: 1},
			{Number: 9, Name: "both", Title: "Both", Status: result.Todo},
		}},
		{Title: "Locks", Exercises: []SummaryExercise{{Number: 35, Name: "lock", Title: "Lock: one", Status: result.Todo}}},
	}}
}

func TestASummaryTellsTheWay(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, wayThrough().Text(&b, Style{}))
	require.Equal(t, `so far
1 of 4 exercises pass; attempts: 3; mistakes made on the way: 1

Waiting  1 of 3

  7 Join: wait
      passed at attempt 2
      - Who waits sleeps.
      - And reaps.
      mistake polls
        Who tells `+"`it`"+`, <when>?

  8 Join with a timeout
      does not pass yet; attempts: 1

Locks  0 of 1
`, b.String())
}

func TestASummaryIsAPageWithTimelines(t *testing.T) {
	for l, want := range map[lang.Lang][]string{
		lang.English: {`<html lang="en">`, "What there was to learn", "Mistakes on the way", "passed at attempt 2", "Not begun: Both"},
		lang.Chinese: {`<html lang="zh">`, "学到了什么", "路上犯过的错误", "第 2 次通过", "还没开始：Both"},
	} {
		var b bytes.Buffer
		require.NoError(t, wayThrough().Page(&b, l))
		for _, w := range append(want, "Who waits sleeps.", "Who tells <code>it</code>, &lt;when&gt;?", "parent &lt;busy&gt;", "2026-05-04", "starts child", "learns: child exits 0",
			"Join waits.", "prefers-color-scheme: dark", "@media print", `style="width: 25%"`) {
			require.Contains(t, b.String(), w)
		}
		require.Equal(t, 2, bytes.Count(b.Bytes(), []byte("<svg")))
		require.NotContains(t, b.String(), "http", "it needs nothing else")
		require.NotContains(t, b.String(), "ZgotmplZ")
	}
}
