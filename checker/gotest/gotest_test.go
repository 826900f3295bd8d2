//go:build linux

package gotest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"forklings/checker/grade/minikit"
	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

func TestTextHasThePlaceFirstAndEveryPartThatThereIs(t *testing.T) {
	s := result.Scenario{
		File: "exercises/07-join/testdata/twice.txtar", Line: 9, Title: "A second Join returns.", Status: result.Deadlock,
		Mistake: "second-join-hangs", Expected: "parent at joined", Actual: "parent asleep in wait", Because: "nothing can move",
		Output: "parent: one\nparent: two\n", Hint: "What does\nthe kernel know?",
	}
	require.Equal(t, `exercises/07-join/testdata/twice.txtar:9: deadlock second-join-hangs
A second Join returns.
  expected parent at joined
  seen     parent asleep in wait
  because  nothing can move
  output   parent: one
           parent: two
  hint     What does
           the kernel know?`, Text(s, lang.English))
	require.Equal(t, "a.txtar:1: error\nTitle", Text(result.Scenario{File: "a.txtar", Line: 1, Status: result.Error, Title: "Title"}, lang.English))
}

// The kit's own tests as a learner runs them, on attempts of every kind.
func TestGoTestSaysWhatTheCheckerSays(t *testing.T) {
	k := minikit.New(t)
	for _, name := range []string{"checker", "cmd/checker"} {
		require.NoError(t, minikit.Copy(filepath.Join("../..", name), filepath.Join(k.Root, name)))
	}
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(k.Root, name), []byte(text), 0o644))
	}
	write("exercises/01-greet/greet.go", "package greet\n\nfunc Hello(name string) string { return \"hello \" + name }\n")
	write("exercises/02-greet-all/greet_all.go", "package greetall\n\nfunc Hello() string { return \"hello all\" }\n")
	cache := t.TempDir()
	run := func(args ...string) (string, error) {
		cmd := exec.Command("go", append([]string{"test", "-count=1"}, args...)...)
		cmd.Dir = k.Root
		cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+cache, "GOCACHE="+goCache(t), "GOFLAGS=")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}

	out, err := run("./exercises/...")
	require.Error(t, err, out)
	require.Contains(t, out, `--- FAIL: Test/no-name`)
	require.NotContains(t, out, `--- FAIL: Test/by-name`)
	require.Contains(t, out, `exercises/01-greet/testdata/no-name.txtar:5: fail forgets-you
            Without a name, Hello greets you.
              expected stranger answers greeting: "hello you"
              seen     stranger answers greeting: "hello "; stranger is held at the point greeted
              hint     Who is there when nobody is named?`)
	require.Regexp(t, `\n +[0-9.]+  ┌ runs greet stranger\n`, out)
	require.Contains(t, out, "a hint: go run ./cmd/checker hint greet")
	require.Contains(t, out, "ok  \tforklings/exercises/02-greet-all\t")
	require.Contains(t, out, "todo: not begun: exercises/03-toil/README.md says what toil.go has to do")

	// A fault of the kit is red, and says that it is one.
	write("exercises/02-greet-all/testdata/everybody.txtar", "# It sleeps.\n\nsleep 1\n")
	out, err = run("-v", "./exercises/02-greet-all")
	require.Error(t, err, out)
	require.Contains(t, out, "the kit's or the machine's fault, not yours")
	require.Contains(t, out, `line 3: no verb "sleep"`)
	write("exercises/02-greet-all/program/program.go", "package program\n\nfunc Main() { nosuch() }\n")
	out, err = run("./exercises/02-greet-all")
	require.Error(t, err, out)
	require.Contains(t, out, "the kit's or the machine's fault, not yours")
	require.Contains(t, out, "undefined: nosuch")
}

// goCache is the one in use, wherever XDG_CACHE_HOME points.
func goCache(t *testing.T) string {
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	require.NoError(t, err)
	return string(out[:len(out)-1])
}
