package render

import (
	"fmt"
	"strings"
	"testing"

	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

func TestATimelineHasAColumnForEachProcess(t *testing.T) {
	events := []result.Event{
		{Microseconds: 0, Who: "parent", What: "runs join once"},
		{Microseconds: 1200, Who: "parent", What: "starts child"},
		{Microseconds: 1300, Who: "child", What: "runs join child"},
		{Microseconds: 2000, Who: "parent", What: "waits for child"},
		{Microseconds: 12340, Who: "child", What: "exits 7", Kind: result.Ends},
		{Microseconds: 12400, Who: "parent", What: "learns: child exits 7"},
	}
	require.Equal(t, `             ms  parent          child
            0.0  ┌ runs join once
            1.2  ├ starts child
            1.3  │               ┌ runs join child
            2.0  ├ waits for child
           12.3  │               └ exits 7
      >    12.4  ├ learns: child exits 7`, Timeline(events, true, Style{}))
}

func TestALongTimelineIsCutInTheMiddle(t *testing.T) {
	var events []result.Event
	for i := range 100 {
		events = append(events, result.Event{Microseconds: int64(i * 1000), Who: []string{"one", "a process with a long name", "three", "four"}[i%4], What: fmt.Sprint("does ", i)})
	}
	text := Timeline(events, true, Style{})
	lines := strings.Split(text, "\n")
	require.LessOrEqual(t, len(lines), mostLines)
	require.Contains(t, text, "more)")
	require.Contains(t, lines[len(lines)-1], "does 99")
	require.Contains(t, lines[1], "does 0")
	for _, line := range lines {
		require.LessOrEqual(t, len([]rune(line)), 80, line)
	}
	require.Len(t, strings.Split(Timeline(events, true, Style{Full: true}), "\n"), 101)
	text = Timeline(events, true, Style{Width: 50})
	require.Contains(t, text, "99.0  four         does 99", "where there is no room for columns, every line names its process")
	for i := range events {
		events[i].PID = 10 + i%4
	}
	for _, width := range []int{0, 50, 40} { // the PIDs take their place too
		require.Len(t, strings.Split(Timeline(events, true, Style{Width: width}), "\n"), mostLines)
	}
}

func TestWhatCameAfterTheDecisiveMomentIsLeftOutFirst(t *testing.T) {
	var events []result.Event
	add := func(who, what string, kind result.Kind) {
		events = append(events, result.Event{Who: who, What: what, Kind: kind})
	}
	for i := range 8 {
		add("early", fmt.Sprint("prepares ", i), result.Act)
	}
	add("late", "has prepared", result.Act)
	for i := range 21 {
		add([]string{"one", "two"}[i%2], fmt.Sprint("does ", i), result.Act)
	}
	events[len(events)-1].Decides = true
	for i := range 9 {
		add("one", fmt.Sprint("goes on ", i), result.Act)
	}
	text := Timeline(events, true, Style{})
	require.Regexp(t, `goes on 1\n +\(7 more\)$`, text)
	require.NotContains(t, text, "prepares 7", "and then who was done before it began")
	require.Contains(t, text, "does 0")
	require.Len(t, strings.Split(text, "\n"), mostLines)
}

func TestWhereAProcessIsHeldBeforeACallIsNotLeftOut(t *testing.T) {
	var events []result.Event
	for i := range 60 {
		events = append(events, result.Event{Who: "one", What: fmt.Sprint("does ", i)})
	}
	events[20].What, events[20].Kind = "is held before its next lock", result.Held
	require.Contains(t, Timeline(events, true, Style{}), "is held before its next lock")
}

// Who locks a file and another one that replaces it: the renames are shown, as many gaps as that takes.
func TestWhereALockedFileIsReplacedIsNotLeftOut(t *testing.T) {
	var events []result.Event
	for i := range 100 {
		events = append(events, result.Event{Microseconds: int64(i * 1000), Who: "one", What: fmt.Sprint("does ", i)})
	}
	for _, at := range []int{20, 45, 70} {
		events[at] = result.Event{Who: "one", What: "renames x to y", Kind: result.Replaces, Object: "y"}
	}
	renames := func(room int) int { return strings.Count(Timeline(events, true, Style{Width: room}), "renames x to y") }
	require.Zero(t, renames(80))
	events[1] = result.Event{Who: "one", What: "locks y", Kind: result.Takes, Object: "y"}
	events[2] = result.Event{Who: "one", What: "unlocks y", Kind: result.Frees, Object: "y"}
	require.Equal(t, 3, renames(80))
	text := Timeline(events, true, Style{})
	require.Len(t, strings.Split(text, "\n"), mostLines)
	require.Equal(t, 4, strings.Count(text, "more)"), text)
	for _, at := range []int{20, 45, 70} {
		events[at].What = strings.Repeat("renames x to y ", 20)
	}
	require.LessOrEqual(t, len(strings.Split(Timeline(events, true, Style{Width: 40}), "\n")), mostLines)
}

func TestThePageDrawsLivesZombiesAndArrows(t *testing.T) {
	var b strings.Builder
	require.NoError(t, Page(&b, result.Exercise{Title: "Join <b>", Scenarios: []result.Scenario{
		{Name: "untold"},
		{Name: "after-end", Status: result.Fail, Mistake: "returns-early", Timeline: []result.Event{
			{Who: "parent", What: "starts <child>", Kind: result.Starts, Other: "<child>"},
			{Microseconds: 1000, Who: "<child>", PID: 7, What: "exits 7", Kind: result.Ends, Detail: "exit_group"},
			{Microseconds: 2000, Who: "parent", What: "learns: <child> exits 7", Kind: result.Learns, Other: "<child>"},
			{Microseconds: 2500, Who: "parent", What: "sends SIGTERM to <child>", Kind: result.Signals, Other: "<child>"},
		}},
	}}, lang.English))
	page := b.String()
	require.NotContains(t, page, "untold")
	require.NotContains(t, page, "<child>")
	require.NotContains(t, page, "<b>")
	for _, class := range []string{`class="life"`, `class="zombie"`, `class="arrow start"`, `class="arrow learn"`, `class="arrow signal"`, `class="dot end"`} {
		require.Contains(t, page, class)
	}
	require.Equal(t, 1, strings.Count(page, `class="band"`), "the decisive moment")
	require.Contains(t, page, "&lt;child&gt;, PID 7, at 1.000 ms: exit_group")
}

// TestNoGapHidesWhatDecides: what comes in the middle of a long timeline is shown between two gaps.
func TestNoGapHidesWhatDecides(t *testing.T) {
	var events []result.Event
	for i := range 60 {
		events = append(events, result.Event{Microseconds: int64(i * 1000), Who: []string{"one", "two"}[i%2], What: fmt.Sprint("does ", i)})
	}
	for _, decisive := range []int{10, 30, 50} {
		for i := range events {
			events[i].Decides = i == decisive
		}
		text := Timeline(events, true, Style{})
		require.LessOrEqual(t, len(strings.Split(text, "\n")), mostLines)
		require.Regexp(t, fmt.Sprintf(`(?m)^ +> +%d\.0 .*does %[1]d$`, decisive), text)
	}
	middle := events[:58]
	for i := range middle {
		middle[i].Decides = i == 29
	}
	require.Equal(t, 2, strings.Count(Timeline(middle, true, Style{}), "more)"))
	require.Equal(t, 1, strings.Count(Timeline(middle, false, Style{}), "more)"), "nothing decides: one gap is enough")
}

// What an earlier act of a scenario is about is left out first.
func TestAnActThatIsOverTellsTheLeast(t *testing.T) {
	var events []result.Event
	for act, parent := range []string{"first", "second"} {
		child := parent + "-child"
		for i := range 20 {
			e := result.Event{Microseconds: int64((20*act + i) * 1000), Who: parent, What: fmt.Sprint(parent, " says ", i), Kind: result.Point}
			switch i {
			case 1:
				e.What, e.Kind, e.Other = "starts "+child, result.Starts, child
			case 2, 19:
				e.Who = child
			}
			events = append(events, e)
		}
	}
	events[38].Decides = true
	text := Timeline(events, true, Style{})
	require.Equal(t, 1, strings.Count(text, "more)"))
	for i := range 19 {
		if i != 1 {
			require.Contains(t, text, fmt.Sprint("second says ", i))
		}
	}
	require.Contains(t, text, "starts second-child")
	require.NotContains(t, text, "first says 10")
}
