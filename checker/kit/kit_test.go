package kit

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// tree writes files below a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(content), 0o666))
	}
	return root
}

// chapter is a kit of four exercises.
func chapter(t *testing.T) *Kit {
	t.Helper()
	k, err := Open(tree(t, map[string]string{
		"go.mod":                                      "module forklings\n",
		"exercises/10-is-alive/is_alive.go":           "package isalive",
		"exercises/07-join/join.go":                   "package join",
		"exercises/08-join-timeout/join_timeout.go":   "package jointimeout",
		"exercises/02-exit-code/exit_code.go":         "package exitcode",
		"exercises/07-join/program/program.go":        "package program",
		"exercises/07-join/README.md":                 "# Join\n\nText.\n",
		"exercises/07-join/README.zh.md":              "# 等待\n",
		"exercises/07-join/hints.md":                  "# Hints\n## start\n1. a\n2. b\n",
		"exercises/07-join/hints.zh.md":               "# Hints\n## start\n1. a\n2. b\n3. c\n",
		"exercises/07-join/testdata/twice.txtar":      "\n# Join may be called twice;\n# the second call returns at once.\n\n# More.\nstart\n",
		"exercises/07-join/testdata/after-end.txtar":  "start parent\n# late\n",
		"exercises/07-join/testdata/notes.md":         "x",
		"exercises/README.md":                         "x",
		"exercises/notes/x.md":                        "x",
		"solutions/join/join.go":                      "package join",
		"solutions/join/join_test.go":                 "package join",
		"testdata/attempts/join/stub.go":              "package join // stub",
		"testdata/attempts/join/wrong/polls.go":       "x",
		"testdata/attempts/join/wrong/polls.timer.go": "x",
		"testdata/attempts/join/right/wait4.go":       "x",
	}))
	require.NoError(t, err)
	return k
}

func TestLocateWalksUpToTheModule(t *testing.T) {
	root := tree(t, map[string]string{
		"go.mod":                     "// a kit\nmodule \"forklings\" // yes\n\ngo 1.26\n",
		"exercises/07-join/go.mod":   "module mine\n",
		"exercises/07-join/a/b/c.go": "",
	})
	for _, from := range []string{"", "exercises", "exercises/07-join/a/b", "exercises/07-join/a/b/c.go", "not/there"} {
		found, err := Locate(filepath.Join(root, from))
		require.NoError(t, err)
		require.Equal(t, root, found)
	}
}

func TestLocateOutsideOfAKitSaysWhatIsMissing(t *testing.T) {
	dir := tree(t, map[string]string{"go.mod": "module forklings/fork\n"})
	_, err := Locate(dir)
	require.ErrorContains(t, err, dir+" is not in a clone of forklings")
}

func TestOpenSortsByNumberAndSkipsOtherFolders(t *testing.T) {
	k := chapter(t)
	var got []string
	for _, e := range k.Exercises {
		got = append(got, e.Folder)
	}
	require.Equal(t, []string{"02-exit-code", "07-join", "08-join-timeout", "10-is-alive"}, got)
	e := k.Exercises[2]
	e.Dir = ""
	require.Equal(t, Exercise{Number: 8, Name: "join-timeout", Folder: "08-join-timeout", Package: "jointimeout", File: "join_timeout.go"}, e)
	require.Equal(t, "forklings/exercises/08-join-timeout", e.ImportPath())
	require.Equal(t, "forklings/exercises/08-join-timeout/program", e.ProgramPath())
}

func TestOpenRefusesWhatCannotStand(t *testing.T) {
	for want, folders := range map[string][]string{
		"exercises/07-join and exercises/07-wait are both number 7":          {"07-join", "07-wait"},
		"exercises/07-join and exercises/7-wait are both number 7":           {"07-join", "7-wait"},
		"exercises/07-join and exercises/08-join are both called join":       {"07-join", "08-join"},
		"exercises/07-joinall and exercises/08-join-all are both package":    {"07-joinall", "08-join-all"},
		"exercises/07-init: no package can be called init":                   {"07-init"},
		"exercises/07-go: no package can be called go":                       {"07-go"},
		"exercises/07-pipe-test: its file pipe_test.go would be a test":      {"07-pipe-test"},
		"exercises/07-pipe-windows: its file pipe_windows.go would not":      {"07-pipe-windows"},
		"exercises/07-pipe-arm64: its file pipe_arm64.go would not be compi": {"07-pipe-arm64"},
	} {
		files := map[string]string{}
		for _, folder := range folders {
			files["exercises/"+folder+"/x.go"] = ""
		}
		_, err := Open(tree(t, files))
		require.ErrorContains(t, err, want)
	}
}

func TestOpenTakesThePackageOfTheTestWhereTheNameCannotBeOne(t *testing.T) {
	k, err := Open(tree(t, map[string]string{
		"exercises/07-init/init_test.go": "package pid1\n",
		"exercises/08-join/join_test.go": "package other\n",
	}))
	require.NoError(t, err)
	require.Equal(t, "pid1", k.Exercises[0].Package)
	require.Equal(t, "init.go", k.Exercises[0].File)
	require.Equal(t, "join", k.Exercises[1].Package)
}

func TestOpenWithoutExercisesIsAnError(t *testing.T) {
	_, err := Open(t.TempDir())
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestFindTakesEveryWayToNameAnExercise(t *testing.T) {
	k := chapter(t)
	for name, want := range map[string]string{
		"07-join": "join", "join": "join", "7": "join", "07": "join", "007": "join",
		"exercises/07-join/": "join", "./exercises/07-join/join.go": "join", k.Exercises[1].Dir: "join",
		"09-join": "join", "join-t": "join-timeout", "08": "join-timeout", "08-j": "join-timeout",
		"ex": "exit-code", " is-alive ": "is-alive", "10-is": "is-alive",
	} {
		e, err := k.Find(name)
		require.NoError(t, err, name)
		require.Equal(t, want, e.Name, name)
	}
}

func TestFindSaysWhatWasMeant(t *testing.T) {
	k := chapter(t)
	for name, want := range map[string]string{
		"":        "no exercise named; give a name such as join, 07-join or 7",
		"jion":    `no exercise "jion"; did you mean join?`,
		"07-jion": `no exercise "07-jion"; did you mean join?`,
		"isalive": `no exercise "isalive"; did you mean is-alive?`,
		"zombie":  `no exercise "zombie"; checker list shows those there are`,
		"99":      `no exercise "99"; checker list shows those there are`,
		"jo":      `"jo" fits join and join-timeout; say which`,
		"0":       `"0" fits exit-code, join and join-timeout; say which`,
	} {
		_, err := k.Find(name)
		require.EqualError(t, err, want)
	}
}

func TestFindFromInsideTheFolder(t *testing.T) {
	k := chapter(t)
	t.Chdir(k.Exercises[1].Dir)
	e, err := k.Find(".")
	require.NoError(t, err)
	require.Equal(t, "join", e.Name)
}
