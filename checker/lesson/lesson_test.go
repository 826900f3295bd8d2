package lesson

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

func exercise(t *testing.T, name string) kit.Exercise {
	t.Helper()
	root, err := kit.Locate(".")
	require.NoError(t, err)
	k, err := kit.Open(root)
	require.NoError(t, err)
	e, err := k.Find(name)
	require.NoError(t, err)
	return e
}

func TestAfterAPassThereIsSomethingToSay(t *testing.T) {
	for l, want := range map[lang.Lang][]string{
		lang.English: {"What there was to learn:\n\n- A parent that waits sleeps", "To read on:\n\n- wait(2) <https://man7.org/"},
		lang.Chinese: {"学到了什么：\n\n- 等待的父进程睡在内核里", "延伸阅读：\n\n- wait(2) <https://man7.org/"},
	} {
		text := Afterwards(exercise(t, "join"), l)
		for _, w := range want {
			require.Contains(t, text, w)
		}
	}
	require.Empty(t, Afterwards(kit.Exercise{Dir: t.TempDir()}, lang.English))
}

func TestTheNextIsTheFirstThatHasNotPassed(t *testing.T) {
	of := func(all ...result.Status) (list []result.Exercise) {
		for _, s := range all {
			list = append(list, result.Exercise{Status: s})
		}
		return list
	}
	require.Equal(t, 1, Next(of(result.Pass, result.Todo, result.Fail)))
	require.Equal(t, 0, Next(of(result.Error, result.Pass)))
	require.Equal(t, -1, Next(of(result.Pass)))
	require.Equal(t, -1, Next(nil))
}

func TestTheSolutionIsComparedWithWhatWasWritten(t *testing.T) {
	e := exercise(t, "join")
	solution, err := os.ReadFile(filepath.Join(e.SolutionDir(), "join.go"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	h := attempt.Single(e, filepath.Join(e.SolutionDir(), "join.go"))
	same, err := Diff(h)
	require.NoError(t, err)
	require.Empty(t, same)

	h.Files[0].Path, h.Files[0].Data = filepath.Join(must(os.Getwd()), "join.go"), []byte(strings.Replace(string(solution), `"os/exec"`, `"time"`, 1))
	h.Files = append(h.Files, attempt.File{Name: "more.go", Path: filepath.Join(must(os.Getwd()), "more.go"), Data: []byte("package join\n")})
	d, err := Diff(h)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(d, "--- join.go\n+++ "), d)
	require.Contains(t, d, "\n-\t\"time\"\n")
	require.Contains(t, d, "\n+\t\"os/exec\"\n")
	require.Contains(t, d, "--- more.go\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-package join\n")

	painted := Paint(d)
	require.Contains(t, painted, "\x1b[31m-\t\"time\"\x1b[0m\n")
	require.Contains(t, painted, "\x1b[32m+\t\"os/exec\"\x1b[0m\n")
	require.Contains(t, painted, "\x1b[1m--- join.go\x1b[0m\n")
	require.Contains(t, painted, "\x1b[1m--- more.go\x1b[0m\n")
	for _, escape := range []string{"\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[36m"} {
		painted = strings.ReplaceAll(painted, escape, "")
	}
	require.Equal(t, d, painted)
}

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

const begun = "package a\n\n// One is one.\nfunc One() int { return 0 }\n\n// Two is two.\nfunc Two() int { return 0 }\n"

func TestAChangedStubIsMerged(t *testing.T) {
	mine := strings.Replace(begun, "return 0", "return 1", 1)
	now := strings.Replace(begun, "Two is two.", "Two is two, and not three.", 1)
	m, err := Merge(t.Context(), lang.English, []byte(mine), []byte(begun), []byte(now))
	require.NoError(t, err)
	require.Zero(t, m.Conflicts)
	require.Contains(t, string(m.Text), "return 1")
	require.Contains(t, string(m.Text), "not three")
}

func TestWhatBothHaveChangedIsMarked(t *testing.T) {
	mine := strings.Replace(begun, "return 0", "return 1", 1)
	now := strings.Replace(begun, "func One() int {", "func One(n int) int {", 1)
	m, err := Merge(t.Context(), lang.English, []byte(mine), []byte(begun), []byte(now))
	require.NoError(t, err)
	require.Equal(t, 1, m.Conflicts)
	require.Contains(t, string(m.Text), "<<<<<<< yours\n")
	require.Contains(t, string(m.Text), "return 1")
	require.Contains(t, string(m.Text), "func One(n int)")
	require.Contains(t, string(m.Text), ">>>>>>> the new stub\n")
}

func TestWithoutGitNothingIsMerged(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Merge(t.Context(), lang.English, nil, nil, nil)
	require.ErrorIs(t, err, ErrNoGit)
}
