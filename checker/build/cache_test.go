package build

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"forklings/checker/attempt"
)

// TestWhatStrangersHandInIsBuiltApart: of what is built of it, nothing stands in Go's cache, and what the kit needs was not built again.
func TestWhatStrangersHandInIsBuiltApart(t *testing.T) {
	k := miniature(t)
	dir := t.TempDir()
	p, err := Programs(t.Context(), k, dir, hand(t, k, map[string]string{"join/join.go": written("mine")}))
	require.NoError(t, err)
	require.Equal(t, "join: mine\n", run(t, p.For("join"), "join", "role"))
	actions, err := filepath.Glob(filepath.Join(dir, "cache", "??", "*-a"))
	require.NoError(t, err)
	require.NotEmpty(t, actions)
	require.Less(t, len(actions), 20, "not even half of what fmt needs")
	for _, a := range actions {
		require.NoFileExists(t, filepath.Join(cache(), filepath.Base(filepath.Dir(a)), filepath.Base(a)))
	}

	own := t.TempDir()
	put(t, filepath.Join(k.Root, "testdata/attempts/join/right/again.go"), written("the kit's"))
	single := attempt.Single(k.Exercises[0], filepath.Join(k.Root, "testdata/attempts/join/right/again.go"))
	_, err = Programs(t.Context(), k, own, []attempt.Handed{single})
	require.NoError(t, err)
	require.NoDirExists(t, filepath.Join(own, "cache"), "the kit's own attempts come again")
}

// TestWhatCouldNotBeWarmedIsTriedAgain: else a class would build all that the kit needs once more for each learner.
func TestWhatCouldNotBeWarmedIsTriedAgain(t *testing.T) {
	k := miniature(t)
	e := k.Exercises[0]
	handed := hand(t, k, map[string]string{"join/join.go": written("mine")})
	b, err := newBuilder(t.Context(), k, t.TempDir())
	require.NoError(t, err)
	put(t, e.StubFile(), "package join\n\nvar x = missing\n")
	b.warm(handed)
	require.False(t, warmed.dirs[e.Dir])
	put(t, e.StubFile(), stub)
	b.warm(handed)
	require.True(t, warmed.dirs[e.Dir])
}

func TestACacheIsReadThroughAndWrittenInFront(t *testing.T) {
	behind, own := store{own: t.TempDir()}, t.TempDir()
	s := store{own, behind.own}
	id := func(b byte) []byte { return []byte{b, 1, 2, 3} }

	_, ok := s.get(id(1))
	require.False(t, ok)
	_, err := behind.put(id(1), id(101), []byte("old"))
	require.NoError(t, err)
	e, ok := s.get(id(1))
	require.True(t, ok)
	require.Equal(t, id(101), e.output)
	require.EqualValues(t, 3, e.size)
	require.Equal(t, name(behind.own, id(101), "d"), e.file)

	file, err := s.put(id(1), id(102), []byte("newer"))
	require.NoError(t, err)
	require.Equal(t, name(own, id(102), "d"), file)
	e, ok = s.get(id(1))
	require.True(t, ok)
	require.Equal(t, file, e.file)
	e, _ = behind.get(id(1))
	require.Equal(t, id(101), e.output, "what stands behind has not changed")

	for what, damage := range map[string]func(entry, output string) error{
		"output is gone":            func(_, output string) error { return os.Remove(output) },
		"output was cut":            func(_, output string) error { return os.Truncate(output, 1) },
		"output is a folder":        func(_, output string) error { os.Remove(output); return os.Mkdir(output, 0o700) },
		"entry is empty":            func(entry, _ string) error { return os.Truncate(entry, 0) },
		"entry was cut":             func(entry, _ string) error { return os.Truncate(entry, 20) },
		"entry is of another ID":    func(entry, _ string) error { return rewrite(entry, "09", "0a") },
		"entry is of a new version": func(entry, _ string) error { return rewrite(entry, "v1", "v2") },
		"size is no number":         func(entry, _ string) error { return rewrite(entry, " 3 ", " x ") },
	} {
		_, err := behind.put(id(9), id(109), []byte("old"))
		require.NoError(t, err)
		require.NoError(t, damage(name(behind.own, id(9), "a"), name(behind.own, id(109), "d")), what)
		_, ok := s.get(id(9))
		require.False(t, ok, what)
		require.NoError(t, os.RemoveAll(name(behind.own, id(109), "d")))
	}
}

func rewrite(file, from, to string) error {
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), from) {
		return fmt.Errorf("%q has no %q: %w", text, from, err)
	}
	return os.WriteFile(file, []byte(strings.ReplaceAll(string(text), from, to)), 0o600)
}

// TestACacheSpeaksAsTheGoToolDoes: a body is a JSON string on a line of its own, and absent where it is empty.
func TestACacheSpeaksAsTheGoToolDoes(t *testing.T) {
	s := store{t.TempDir(), t.TempDir()}
	said := func(lines ...string) (answers []response) {
		var out strings.Builder
		err := serve(s, strings.NewReader(strings.Join(lines, "\n")+"\n"), &out)
		require.NoError(t, err)
		for d := json.NewDecoder(strings.NewReader(out.String())); ; {
			var a response
			if err := d.Decode(&a); err == io.EOF {
				return answers
			}
			answers = append(answers, a)
		}
	}
	answers := said(
		`{"ID":1,"Command":"get","ActionID":"AQI="}`,
		`{"ID":2,"Command":"put","ActionID":"AQI=","OutputID":"AwQ=","BodySize":5}`, ``, `"aGVsbG8="`,
		`{"ID":3,"Command":"put","ActionID":"BQY=","OutputID":"Bwg="}`, ``,
		`{"ID":4,"Command":"get","ActionID":"AQI="}`,
		`{"ID":5,"Command":"close"}`,
		`{"ID":6,"Command":"get","ActionID":"AQI="}`)
	require.Len(t, answers, 6)
	require.Equal(t, []string{"get", "put", "close"}, answers[0].KnownCommands)
	require.True(t, answers[1].Miss)
	text, err := os.ReadFile(answers[2].DiskPath)
	require.NoError(t, err)
	require.Equal(t, "hello", string(text))
	text, err = os.ReadFile(answers[3].DiskPath)
	require.NoError(t, err)
	require.Empty(t, text)
	require.Equal(t, []byte{3, 4}, answers[4].OutputID)
	require.EqualValues(t, 5, answers[4].Size)
	require.EqualValues(t, 5, answers[5].ID, "nothing is answered after the end")

	require.NoError(t, os.RemoveAll(s.own))
	require.NoError(t, os.WriteFile(s.own, nil, 0o600))
	full := said(`{"ID":1,"Command":"put","ActionID":"AQI=","OutputID":"AwQ=","BodySize":5}`, ``, `"aGVsbG8="`)
	require.Contains(t, full[1].Err, "not a directory")
	require.Error(t, serve(s, strings.NewReader("nonsense"), io.Discard))
}

func TestPathsWithBlanksAndQuotes(t *testing.T) {
	program, err := os.Executable()
	require.NoError(t, err)
	require.Equal(t, "'"+program+"' 'forklings-build-cache' '/a b' \"/it's\"", apart("/a b", "/it's"))
	require.Empty(t, apart("/a", `/it's "both"`))
}
