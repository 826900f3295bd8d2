package kit

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"forklings/checker/hints"
	"forklings/checker/lang"
)

func join(t *testing.T) Exercise {
	t.Helper()
	e, err := chapter(t).Find("join")
	require.NoError(t, err)
	return e
}

func TestTitleIsTheReadmesFirstLine(t *testing.T) {
	e := join(t)
	title, err := e.Title("")
	require.NoError(t, err)
	require.Equal(t, "Join", title)
	title, err = e.Title("zh")
	require.NoError(t, err)
	require.Equal(t, "等待", title)
	require.NoError(t, os.Remove(e.Readme("zh")))
	title, err = e.Title("zh")
	require.NoError(t, err)
	require.Equal(t, "Join", title, "as long as nobody has translated it")
	require.NoError(t, os.WriteFile(e.Readme("en"), []byte("Join\n"), 0o666))
	_, err = e.Title("en")
	require.ErrorContains(t, err, "README.md:1: no title")
}

func TestScenariosAreSortedAndTitledByTheirFirstComment(t *testing.T) {
	e := join(t)
	found, err := e.Scenarios()
	require.NoError(t, err)
	require.Equal(t, []Scenario{
		{Name: "after-end", File: filepath.Join(e.Dir, "testdata", "after-end.txtar"), Titles: lang.Texts{}},
		{Name: "twice", File: filepath.Join(e.Dir, "testdata", "twice.txtar"), Titles: lang.Texts{lang.English: "Join may be called twice; the second call returns at once."}},
	}, found)
}

func TestScenariosThatExploreComeLast(t *testing.T) {
	k, err := Open(tree(t, map[string]string{
		"exercises/01-lock/lock.go":              "package lock\n",
		"exercises/01-lock/testdata/a.txtar":     "# A.\nstart one role\nexplore locks else hangs\n",
		"exercises/01-lock/testdata/b.txtar":     "# To explore nothing.\nstart explore role\n",
		"exercises/01-lock/testdata/c.txtar":     "# C.\n\texplore\tlocks else hangs\n",
		"exercises/01-lock/testdata/words.txtar": "# W.\ncheck one exploring\n",
	}))
	require.NoError(t, err)
	e, err := k.Find("lock")
	require.NoError(t, err)
	found, err := e.Scenarios()
	require.NoError(t, err)
	var names []string
	for _, s := range found {
		names = append(names, s.Name)
	}
	require.Equal(t, []string{"b", "words", "a", "c"}, names)
}

func TestExerciseWithoutTestdataHasNoScenarios(t *testing.T) {
	e, err := chapter(t).Find("is-alive")
	require.NoError(t, err)
	found, err := e.Scenarios()
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestSamplesCarryTheMistakeInTheirName(t *testing.T) {
	e := join(t)
	dir := filepath.Join(e.root(), "testdata", "attempts", "join")
	wrong, err := e.Attempts("wrong")
	require.NoError(t, err)
	require.Equal(t, []Sample{
		{Name: "polls", Mistake: "polls", File: filepath.Join(dir, "wrong", "polls.go")},
		{Name: "polls.timer", Mistake: "polls", File: filepath.Join(dir, "wrong", "polls.timer.go")},
	}, wrong)
	right, err := e.Attempts("right")
	require.NoError(t, err)
	require.Equal(t, []Sample{{Name: "wait4", File: filepath.Join(dir, "right", "wait4.go")}}, right)
	_, err = e.Attempts("rong")
	require.ErrorContains(t, err, `no kind of attempts "rong"`)
}

func TestStubAndSolutionAreTheKitsOwn(t *testing.T) {
	e := join(t)
	stub, err := e.Stub()
	require.NoError(t, err)
	require.Equal(t, "package join // stub", string(stub))
	files, err := e.Solution()
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(e.SolutionDir(), "join.go")}, files)
	require.NoError(t, os.Remove(files[0]))
	files, err = e.Solution()
	require.NoError(t, err)
	require.Empty(t, files)
}

func TestHintsErrorNamesFileAndLine(t *testing.T) {
	e := join(t)
	_, err := e.Hints("")
	require.ErrorContains(t, err, `hints.md:2: section "start" has 2 tiers`)
	h, err := e.Hints("zh")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "c"}, h.Tiers(hints.Start))
}

func TestVersionHangsOnWhatDecidesAndOnNothingElse(t *testing.T) {
	k := chapter(t)
	version := func() string {
		v, err := k.Version()
		require.NoError(t, err)
		require.Regexp(t, "^[0-9a-f]{12}$", v)
		return v
	}
	change := func(file string) {
		file = filepath.Join(k.Root, file)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		old, _ := os.ReadFile(file)
		require.NoError(t, os.WriteFile(file, append(old, '\n'), 0o666))
	}
	before := version()
	for _, file := range []string{
		"exercises/07-join/join.go", "exercises/07-join/README.md", "exercises/07-join/hints.md",
		"solutions/join/join.go", "testdata/attempts/join/wrong/polls.go",
	} {
		change(file)
		require.Equal(t, before, version(), file)
	}
	for _, file := range []string{
		"go.mod", "go.sum", "checker/a/b.go", "cmd/programs/main.go", "exercises/07-join/program/program.go",
		"exercises/07-join/testdata/twice.txtar", "testdata/attempts/join/stub.go",
	} {
		before = version()
		change(file)
		require.NotEqual(t, before, version(), file)
	}
	moved, err := Open(tree(t, map[string]string{"exercises/01-a/program/p.go": "x"}))
	require.NoError(t, err)
	same, err := Open(tree(t, map[string]string{"exercises/01-a/program/p.go": "x"}))
	require.NoError(t, err)
	a, err := moved.Version()
	require.NoError(t, err)
	b, err := same.Version()
	require.NoError(t, err)
	require.Equal(t, a, b)
}
