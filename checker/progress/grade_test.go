//go:build linux

package progress

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/grade/minikit"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/result"
	"forklings/checker/sandbox"

	"github.com/stretchr/testify/require"
)

func own(t *testing.T, k *kit.Kit) []attempt.Handed {
	t.Helper()
	a, err := attempt.Own(k)
	require.NoError(t, err)
	return a.Handed
}

// put copies a kept attempt to where the learner writes.
func put(t *testing.T, k *kit.Kit, file string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(k.Root, file))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(k.Exercises[0].Dir, k.Exercises[0].File), data, 0o644))
}

func TestNothingIsGradedTwice(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	box, err := sandbox.Best()
	require.NoError(t, err)
	k := minikit.New(t)
	s := open(t, k.Root)
	var graded []string
	g := &grade.Grader{Kit: k, Sandbox: box, Done: func(e result.Exercise) {
		if e.Status != result.Todo {
			graded = append(graded, e.Name)
		}
	}}
	look := func() *result.Result {
		graded = nil
		r, err := s.Grade(t.Context(), g, own(t, k))
		require.NoError(t, err)
		require.Empty(t, s.Trouble())
		return r
	}
	r := look()
	require.Equal(t, result.Todo, r.Exercises[0].Status)
	require.Empty(t, graded)

	put(t, k, "testdata/attempts/greet/wrong/shouts.go")
	r = look()
	require.Equal(t, []string{"greet"}, graded)
	require.Equal(t, result.Fail, r.Exercises[0].Status)
	first := r.Exercises[0]
	_, ok := First(first)
	require.True(t, ok)

	s = open(t, k.Root) // as in the next run of the command
	r = look()
	require.Empty(t, graded)
	require.Equal(t, first, r.Exercises[0])
	require.Equal(t, 1, s.Journey("greet").Attempts)

	put(t, k, "solutions/greet/greet.go")
	require.Equal(t, result.Pass, look().Exercises[0].Status)
	require.Equal(t, []string{"greet"}, graded)
	put(t, k, "testdata/attempts/greet/wrong/shouts.go")
	require.Equal(t, result.Fail, look().Exercises[0].Status)
	require.Empty(t, graded, "undone: that is known, too")

	hints := k.Exercises[0].HintsFile(lang.English)
	text, err := os.ReadFile(hints)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(hints, []byte(strings.Replace(string(text), "How loud is it?", "Does it shout?", 1)), 0o644))
	v, _ := First(look().Exercises[0])
	require.Empty(t, graded)
	require.Equal(t, "Does it shout?", v.Hint)
}

func TestTheKeyHangsOnAllThatDecides(t *testing.T) {
	k := minikit.New(t)
	put(t, k, "solutions/greet/greet.go")
	of := func(o Options) string {
		key, err := Key(k, own(t, k)[0], o)
		require.NoError(t, err)
		return key
	}
	box := Options{Sandbox: sandbox.Options{Tier: sandbox.Subreaper}, Lang: lang.English}
	before := of(box)
	require.Equal(t, before, of(box))
	seen := map[string]string{before: "nothing"}
	differs := func(what string, o Options) {
		key := of(o)
		require.Empty(t, seen[key], what)
		seen[key] = what
	}
	differs("the language", Options{box.Sandbox, lang.Chinese})
	differs("the tier", Options{sandbox.Options{Tier: sandbox.Namespaces}, lang.English})
	differs("no ptrace", Options{sandbox.Options{Tier: sandbox.Subreaper, NoPtrace: true}, lang.English})
	for _, name := range []string{"go.mod", "checker/syncpoint/syncpoint.go", "cmd/programs/main.go", "exercises/01-greet/program/program.go",
		"exercises/01-greet/testdata/again.txtar", "exercises/01-greet/testdata/new.txtar", "exercises/01-greet/greet.go"} {
		file := filepath.Join(k.Root, name)
		text, _ := os.ReadFile(file)
		require.NoError(t, os.WriteFile(file, append(text, "\n// more\n"...), 0o644))
		differs(name, box)
	}
	unchanged := of(box)
	for _, name := range []string{"exercises/02-greet-all/program/program.go", "exercises/01-greet/hints.md", "exercises/01-greet/README.md", "solutions/greet/greet.go", "checker/syncpoint/more_test.go"} {
		require.NoError(t, os.WriteFile(filepath.Join(k.Root, name), []byte("# other"), 0o644))
		require.Equal(t, unchanged, of(box), name)
	}
	past := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(k.Root, "go.mod"), past, past))
	require.Equal(t, unchanged, of(box), "times do not count")

	bin := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\n"), 0o755))
	t.Setenv("PATH", bin)
	differs("another Go", box)
}

func TestAProgramOlderThanItsSourcesStandsForItself(t *testing.T) {
	require.Nil(t, ownSum(0))
	require.NotNil(t, ownSum(time.Now().Add(time.Hour).UnixNano()))
}

func TestAStubThatHasChangedIsTold(t *testing.T) {
	k := minikit.New(t)
	s := open(t, k.Root)
	names := func() (names []string) {
		changed, err := s.Stubs(own(t, k))
		require.NoError(t, err)
		for _, e := range changed {
			names = append(names, e.Name)
		}
		return names
	}
	require.Empty(t, names())
	old, ok := s.Stub("greet")
	require.True(t, ok)
	put(t, k, "solutions/greet/greet.go")
	for _, e := range k.Exercises[:2] { // a new kit
		stub, err := e.Stub()
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(e.StubFile(), append([]byte("// New.\n"), stub...), 0o644))
	}
	fresh, err := k.Exercises[1].Stub()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(k.Exercises[1].Dir, k.Exercises[1].File), fresh, 0o644))
	require.Equal(t, []string{"greet"}, names())
	s = open(t, k.Root)
	require.Equal(t, []string{"greet"}, names(), "until it is merged")
	have, _ := s.Stub("greet")
	require.Equal(t, old, have)
	have, _ = s.Stub("greet-all")
	require.Equal(t, string(fresh), have, "nothing was written there: it is begun from the new one")
	require.NoError(t, s.Begin("greet", "// New.\n"+old))
	require.Empty(t, names())
}
