package attempt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"forklings/checker/kit"
)

const stub = "// Package join waits.\npackage join\n\nimport \"forklings/checker/syncpoint\"\n\nvar _ = syncpoint.Reach\n"

func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(content), 0o666))
	}
}

func openKit(t *testing.T) *kit.Kit {
	t.Helper()
	root := t.TempDir()
	write(t, root, map[string]string{
		"go.mod":                    "module forklings\n",
		"exercises/07-join/join.go": stub,
		"exercises/08-join-timeout/join_timeout.go": "package jointimeout\n",
		"testdata/attempts/join/stub.go":            stub,
		"testdata/attempts/join-timeout/stub.go":    "package jointimeout\n",
	})
	k, err := kit.Open(root)
	require.NoError(t, err)
	return k
}

func find(t *testing.T, k *kit.Kit, name string) kit.Exercise {
	t.Helper()
	e, err := k.Find(name)
	require.NoError(t, err)
	return e
}

// handed reads an attempt of these files below 07-join, in a folder the learner is in.
func handed(t *testing.T, files map[string]string) Handed {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("07-join", 0o777))
	write(t, "07-join", files)
	a, err := Read(openKit(t), ".")
	require.NoError(t, err)
	require.Len(t, a.Handed, 1)
	return a.Handed[0]
}

func fileNames(h Handed) (names []string) {
	for _, f := range h.Files {
		names = append(names, f.Name)
	}
	return names
}

func TestReadTakesEveryLayout(t *testing.T) {
	k := openKit(t)
	for name, folders := range map[string][2]string{
		"clone":      {"exercises/07-join", "exercises/08-join-timeout"},
		"folders":    {"07-join", "08-join-timeout"},
		"names":      {"join", "join-timeout"},
		"renumbered": {"09-join", "exercises-not/../1-join-timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, map[string]string{folders[0] + "/join.go": "package join", folders[1] + "/join_timeout.go": "package jointimeout"})
			a, err := Read(k, dir)
			require.NoError(t, err)
			require.Equal(t, dir, a.Dir)
			require.Len(t, a.Handed, 2)
			require.Equal(t, "join", a.Handed[0].Exercise.Name)
			require.Equal(t, "join-timeout", a.Handed[1].Exercise.Name)
			require.NoError(t, a.Handed[0].Err)
			require.Equal(t, []File{{"join.go", filepath.Join(dir, folders[0], "join.go"), []byte("package join")}}, a.Handed[0].Files)
		})
	}
}

func TestReadHoldsOnlyWhatWasHandedIn(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"join-timeout/join_timeout.go": "package jointimeout", "33-zombie/zombie.go": "", ".git/config": ""})
	a, err := Read(openKit(t), dir)
	require.NoError(t, err)
	require.Len(t, a.Handed, 1)
	require.Equal(t, "join-timeout", a.Handed[0].Exercise.Name)
	require.Equal(t, []string{"33-zombie"}, a.Unknown)
}

func TestReadSaysWhatItLookedFor(t *testing.T) {
	k, dir := openKit(t), t.TempDir()
	_, err := Read(k, dir)
	require.EqualError(t, err, "no attempt in "+dir+": looked for folders such as exercises/07-join/ or 07-join/, and found none of the kit's 2 exercises")
	_, err = Read(k, filepath.Join(dir, "nosuch"))
	require.EqualError(t, err, "no attempt at "+filepath.Join(dir, "nosuch")+": there is no such folder")
	_, err = Read(k, filepath.Join(k.Root, "go.mod"))
	require.ErrorContains(t, err, "it is not a folder")
	_, err = Read(k, "")
	require.EqualError(t, err, "no folder given for the attempt")
}

func TestTwoFoldersForOneExerciseAreRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"join/join.go": "package join", "07-join/join.go": "package join", "join-timeout/join_timeout.go": "package jointimeout"})
	a, err := Read(openKit(t), dir)
	require.NoError(t, err)
	require.ErrorContains(t, a.Handed[0].Err, "folders 07-join, join are all attempts at join; keep one")
	require.NoError(t, a.Handed[1].Err)
}

func TestOwnIsTheKitsTree(t *testing.T) {
	k := openKit(t)
	a, err := Own(k)
	require.NoError(t, err)
	require.Len(t, a.Handed, 2)
	require.NoError(t, a.Handed[0].Err)
	require.True(t, a.Handed[0].Untouched())
	_, err = Own(&kit.Kit{Root: k.Root})
	require.ErrorContains(t, err, "has no exercises")
}

func TestSingleStandsForTheExercisesFile(t *testing.T) {
	k := openKit(t)
	write(t, k.Root, map[string]string{"wrong/returns-early.go": "package join", "sol/join.go": "package join", "sol/a.go": "package join"})
	e := find(t, k, "join")

	h := Single(e, filepath.Join(k.Root, "wrong/returns-early.go"))
	require.NoError(t, h.Err)
	require.Equal(t, []File{{"join.go", filepath.Join(k.Root, "wrong/returns-early.go"), []byte("package join")}}, h.Files)

	h = Single(e, filepath.Join(k.Root, "sol/a.go"), filepath.Join(k.Root, "sol/join.go"))
	require.NoError(t, h.Err)
	require.Equal(t, []string{"a.go", "join.go"}, fileNames(h))

	require.ErrorContains(t, Single(e).Err, "no file given as the attempt at join")
	require.ErrorContains(t, Single(e, "nosuch.go").Err, "nosuch.go cannot be read: no such file or directory")
	require.ErrorContains(t, Single(e, filepath.Join(k.Root, "go.mod")).Err, `no package clause`)
}

func TestUntouchedIgnoresLineEndsAndTrailingSpace(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  bool
	}{
		"same":       {map[string]string{"join.go": stub}, true},
		"CRLF":       {map[string]string{"join.go": strings.ReplaceAll(stub, "\n", "\r\n")}, true},
		"blanks":     {map[string]string{"join.go": strings.ReplaceAll(stub, "\n", " \t\n") + "\n\n"}, true},
		"changed":    {map[string]string{"join.go": stub + "var x int\n"}, false},
		"indented":   {map[string]string{"join.go": strings.ReplaceAll(stub, "var", " var")}, false},
		"two files":  {map[string]string{"join.go": stub, "more.go": "package join"}, false},
		"other name": {map[string]string{"joiner.go": stub}, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := handed(t, c.files)
			require.NoError(t, h.Err)
			require.Equal(t, c.want, h.Untouched())
		})
	}
}
