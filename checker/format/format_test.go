package format

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"forklings/checker/lang"
	"forklings/checker/render"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample has an exercise of each outcome.
func sample() *result.Result {
	r := &result.Result{Kit: "0123abcd", Tier: "namespaces", Walls: "namespaces", Exercises: []result.Exercise{
		{Name: "join", Number: 7, Title: "Wait for a child", Scenarios: []result.Scenario{
			{Name: "after-end", Title: "Join comes back after the end.", Status: result.Pass, File: "exercises/07-join/testdata/after-end.txtar", Seconds: 0.0125, Output: "parent: done\n"},
			{Name: "twice", Title: "A second Join returns.", Status: result.Deadlock, Mistake: "second-join-hangs", Because: "nothing can move any more",
				Expected: "parent is held at joined-again", Actual: "parent is alive and asleep in wait", File: "exercises/07-join/testdata/twice.txtar", Line: 9,
				Hint: "What does the kernel know\nof a child that was waited for?", Output: "parent: <hello> & \"bye\" # 100%\n", Seconds: 1.5,
				Timeline: []result.Event{
					{Who: "parent", What: "starts child", Kind: result.Starts, Other: "child"},
					{Microseconds: 1200, Who: "child", What: "exits 7", Kind: result.Ends},
					{Microseconds: 2000, Who: "parent", What: "waits for child"},
				}},
			{Name: "listener", Title: "Somebody listens.", Status: result.Skip, Because: "no seccomp listener here", File: "exercises/07-join/testdata/listener.txtar"},
		}},
		{Name: "wait", Number: 8, Title: "Wait for any", Status: result.Error, Message: "submission/08-wait/wait.go:3:5: undefined: x\nsubmission/08-wait/wait.go:4:1: missing return",
			Scenarios: []result.Scenario{{Name: "any", Title: "Any child.", Status: result.Skip, File: "exercises/08-wait/testdata/any.txtar"}, {Name: "all", Title: "All children.", Status: result.Skip, File: "exercises/08-wait/testdata/all.txtar"}}},
		{Name: "pipe", Number: 9, Title: "Talk", Status: result.Todo, Message: "not begun: exercises/09-pipe/README.md says what pipe.go has to do",
			Scenarios: []result.Scenario{{Name: "ends", Title: "Both ends.", Status: result.Skip, File: "exercises/09-pipe/testdata/ends.txtar"}}},
		{Name: "zombie", Number: 10, Title: "Ended", Scenarios: []result.Scenario{{Name: "one", Title: "A zombie.", Status: result.Pass, File: "exercises/10-zombie/testdata/one.txtar"}}},
	}}
	r.Sum()
	return r
}

// spoiled is the sample with a scenario that the machine has spoiled, and an exercise that was not come to.
func spoiled() *result.Result {
	r := sample()
	r.Exercises[3].Status = ""
	r.Exercises[3].Scenarios = append(r.Exercises[3].Scenarios, result.Scenario{Name: "two", Title: "Two.", Status: result.Error, Because: "no memory for a process"})
	r.Exercises = append(r.Exercises, result.Exercise{Name: "lock", Number: 11, Status: result.Error, Fault: true, Message: "not graded: the run ended before",
		Scenarios: []result.Scenario{{Name: "one", Status: result.Skip}, {Name: "two", Status: result.Skip}}})
	r.Sum()
	return r
}

// single is for the form that takes one exercise.
func single(r *result.Result, i int) *result.Result {
	one := *r
	one.Exercises = slices.Clone(r.Exercises[i : i+1])
	one.Sum()
	return &one
}

func meta() Meta {
	environment := map[string]string{"CLASSROOM": "os-2026", "ASSIGNMENT": "processes", "USERNAME": "ann", "SUBMISSION_TAG": "submit/2026-11-01T10-00-00Z-0123abc",
		"COMMIT_URL": "https://example.org/c", "RELEASE_URL": "https://example.org/r", "VPL_GRADEMIN": "0", "VPL_GRADEMAX": "20"}
	return Meta{Time: time.Date(2026, 11, 1, 11, 0, 0, 0, time.UTC), Getenv: func(name string) string { return environment[name] }, Token: "4f1c9a",
		Style:  render.Style{Lang: lang.English, All: true},
		Source: map[string]Source{"join": {"submission/07-join/join.go", 12}, "wait": {"submission/08-wait/wait.go", 5}}}
}

func write(t *testing.T, name string, r *result.Result) []byte {
	t.Helper()
	f, ok := Find(name)
	require.True(t, ok, name)
	var b bytes.Buffer
	require.NoError(t, f.Write(&b, r, meta()))
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	same := func(name string, have []byte) {
		file := filepath.Join("testdata", "golden", name)
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
			require.NoError(t, os.WriteFile(file, have, 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want), string(have), name)
	}
	for _, f := range All {
		r := sample()
		if f.Single {
			r = single(r, 0)
		}
		same(f.Name, write(t, f.Name, r))
		for _, beside := range f.Beside {
			var b bytes.Buffer
			require.NoError(t, beside.Write(&b, r, meta()))
			same(f.Name+"."+beside.Env, b.Bytes())
		}
	}
	same("gradescope.spoiled", write(t, "gradescope", spoiled()))
	same("vpl.spoiled", write(t, "vpl", spoiled()))
}

func TestWritingChangesNoResult(t *testing.T) {
	for _, f := range All {
		r := spoiled()
		if f.Single {
			r = single(r, 0)
		}
		before := clean(r)
		first := write(t, f.Name, r)
		require.Equal(t, before, clean(r), f.Name)
		require.Equal(t, string(first), string(write(t, f.Name, r)), f.Name)
	}
}

func TestExitStatusesAreTheReaders(t *testing.T) {
	for name, want := range map[string][3]int{
		"text": {0, 1, 3}, "json": {0, 1, 3}, "junit": {0, 1, 3}, "junit-strict": {0, 1, 3}, "tap": {0, 1, 3}, "github": {0, 1, 3}, "classroom50": {0, 0, 3},
		"classroom": {}, "gradescope": {}, "exercism": {}, "prairielearn": {}, "vpl": {}, "autolab": {},
	} {
		f, ok := Find(name)
		require.True(t, ok)
		passing := single(sample(), 3)
		require.Equal(t, want, [3]int{f.Exit(passing), f.Exit(sample()), f.Exit(spoiled())}, name)
	}
	require.Len(t, All, 13)
}

func TestWhatIsNotJudgedIsNeverASilentZero(t *testing.T) {
	require.Contains(t, string(write(t, "gradescope", spoiled())), "3 of 10 scenarios were not judged")
	require.NotContains(t, string(write(t, "vpl", spoiled())), "Grade :=>>")
	require.Contains(t, string(write(t, "prairielearn", spoiled())), `"gradable": false`)
	autolab := write(t, "autolab", spoiled())
	require.Contains(t, string(autolab), `{"scores":{"join":1.5,"pipe":0,"wait":0}}`)
	require.Contains(t, string(write(t, "exercism", single(spoiled(), 4))), `"status": "error",`+"\n"+`  "message": "not judged`)
}

func TestWhatCannotBePlayedHereCostsNothing(t *testing.T) {
	r := single(sample(), 0)
	r.Exercises[0].Scenarios[1].Status = result.Pass
	r.Exercises[0].Status = ""
	r.Sum()
	require.Contains(t, string(write(t, "autolab", r)), `{"scores":{"join":3}}`, "of three, all that can be had")
	require.Contains(t, string(write(t, "prairielearn", r)), `"score": 1,`)
	require.Contains(t, string(write(t, "vpl", r)), "Grade :=>> 20\n")
	require.Contains(t, string(write(t, "exercism", r)), `"status": "pass",`+"\n"+`  "tests"`)
}

// A course shares out points as it likes; extra ones are added up to what can be had without them.
func TestPointsOfACourse(t *testing.T) {
	r := sample()
	score := func(i, j, score, most int) {
		s := &r.Exercises[i].Scenarios[j]
		s.Score, s.MaxScore = score, most
	}
	score(0, 0, 4, 4)
	score(0, 1, 0, 6)
	r.Exercises[0].Score, r.Exercises[0].MaxScore = 4, 10
	score(3, 0, 50, 50)
	r.Exercises[3].Extra, r.Exercises[3].Score, r.Exercises[3].MaxScore = true, 50, 50
	r.Score, r.MaxScore = 13, 13
	m := meta()
	m.Weighed = true
	for _, fixed := range []bool{false, true} {
		m.fixed = fixed
		points, most := sum(tests(clean(r), m))
		require.Equal(t, []float64{13, 13}, []float64{points, most})
	}
	var b bytes.Buffer
	require.NoError(t, vpl(&b, r, m))
	require.Contains(t, b.String(), "Grade :=>> 20\n")
}

func TestALateReaderIsToldWhatIsMissing(t *testing.T) {
	err := classroom50Check(Meta{Getenv: func(string) string { return "" }})
	require.ErrorContains(t, err, "CLASSROOM, ASSIGNMENT, OWNER or USERNAME, SUBMISSION_TAG, COMMIT_URL, RELEASE_URL")
	require.Error(t, exercism(&bytes.Buffer{}, sample(), meta()))
	require.Error(t, github(&bytes.Buffer{}, sample(), Meta{}))
}

func TestHelpNamesEveryFormInEveryLanguage(t *testing.T) {
	for _, f := range All {
		require.Contains(t, Help(lang.English), f.Name+"\n    for "+f.Who.String())
		require.NotEqual(t, f.Help.String(), lang.Chinese.Say(f.Help), f.Name)
		require.NotEqual(t, f.Who.String(), lang.Chinese.Say(f.Who), f.Name)
	}
	require.Contains(t, Help(lang.English), "exit status: 0 whenever it was graded, 3 when something could not be judged")
}
