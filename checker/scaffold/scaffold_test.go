//go:build linux

package scaffold

import (
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/build"
	"forklings/checker/grade/minikit"
	"forklings/checker/kit"
	"forklings/checker/verify"

	"github.com/stretchr/testify/require"
)

func TestANewExerciseLacksNothingButWhatItsAuthorMustThinkOf(t *testing.T) {
	k := minikit.New(t)
	written, err := New(k, "shared-memory")
	require.NoError(t, err)
	for _, name := range written {
		require.FileExists(t, filepath.Join(k.Root, name))
	}
	require.Len(t, written, 11)
	k, err = kit.Open(k.Root)
	require.NoError(t, err)
	e, err := k.Find("shared-memory")
	require.NoError(t, err)
	require.Equal(t, "04-shared-memory", e.Folder)
	require.True(t, verify.Unfinished(e))
	require.Equal(t, []string{
		"shared-memory: 1 scenarios: 4 are needed, each for one behaviour",
		"shared-memory: 0 right variants: 2 are needed that go another way",
		"shared-memory: 0 wrong attempts: 5 are needed",
		"shared-memory: no wrong attempt makes the mistake does-nothing: write testdata/attempts/shared-memory/wrong/does-nothing.go",
		"shared-memory: it is in no chapter: name it in exercises/chapters.json, with what it is in Python and the calls it stands behind",
	}, verify.Lint(k, e))

	// What was written is as gofmt writes it.
	require.NoError(t, os.WriteFile(filepath.Join(k.Root, "cmd/programs/programs.go"), build.List(k.Exercises), 0o644))
	require.Empty(t, verify.LintKit(k))
	for _, name := range written {
		if strings.HasSuffix(name, ".go") {
			text, err := os.ReadFile(filepath.Join(k.Root, name))
			require.NoError(t, err)
			formatted, err := format.Source(text)
			require.NoError(t, err)
			require.Equal(t, string(formatted), string(text))
		}
	}
}

func TestAnExerciseGoesBehindTheLastNumber(t *testing.T) {
	k := minikit.New(t)
	require.NoError(t, os.Rename(k.Exercises[2].Dir, filepath.Join(k.Root, "exercises", "41-toil")))
	k, err := kit.Open(k.Root)
	require.NoError(t, err)
	written, err := New(k, "other")
	require.NoError(t, err)
	require.Contains(t, written, filepath.Join("exercises", "42-other", "other.go"))
}

func TestAnExerciseGoesBesideOneWhosePackageHasAnotherName(t *testing.T) {
	k := minikit.New(t)
	require.NoError(t, os.Rename(k.Exercises[2].Dir, filepath.Join(k.Root, "exercises", "03-init")))
	require.NoError(t, os.WriteFile(filepath.Join(k.Root, "exercises", "03-init", "init_test.go"), []byte("package pid1\n"), 0o644))
	k, err := kit.Open(k.Root)
	require.NoError(t, err)
	_, err = New(k, "other")
	require.NoError(t, err)
}

func TestANameThatWillNotDoWritesNothing(t *testing.T) {
	k := minikit.New(t)
	before := tree(t, k.Root)
	for name, want := range map[string]string{
		"":               "is no name for an exercise",
		"Greet":          "is no name for an exercise",
		"a b":            "is no name for an exercise",
		"../up":          "is no name for an exercise",
		"two--hyphens":   "is no name for an exercise",
		"1st":            "is no name for an exercise",
		"greet":          "there is an exercise greet already: exercises/01-greet",
		"greetall":       "exercises/02-greet-all and exercises/04-greetall are both package greetall",
		"init":           "exercises/04-init: no package can be called init; rename the exercise",
		"go":             "exercises/04-go: no package can be called go; rename the exercise",
		"pipe-test":      "its file pipe_test.go would be a test; rename the exercise",
		"pipe-windows":   "its file pipe_windows.go would not be compiled on linux/amd64",
		"pipe-arm64":     "its file pipe_arm64.go would not be compiled on linux/amd64",
		"forgotten-file": "solutions/forgotten-file/forgotten_file.go exists already: nothing was written",
	} {
		if name == "forgotten-file" {
			path := filepath.Join(k.Root, "solutions", name, "forgotten_file.go")
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, nil, 0o644))
			before = tree(t, k.Root)
		}
		_, err := New(k, name)
		require.ErrorContains(t, err, want)
		var refused NameError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, before, tree(t, k.Root), name)
	}
}

func tree(t *testing.T, root string) (names []string) {
	require.NoError(t, filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		names = append(names, strings.TrimPrefix(path, root))
		return err
	}))
	return names
}
