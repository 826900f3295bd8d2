//go:build unix

package build

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"forklings/checker/attempt"
	"forklings/checker/kit"
)

const stub = `package join

import "errors"

// Process is a child.
type Process struct{}

// New describes a child.
func New(args ...string) *Process { return &Process{} }

// Start starts it.
func (p *Process) Start() error { return errors.New("stub") }
`

const program = `package program

import (
	"fmt"

	"forklings/exercises/07-join"
)

func Main() {
	var err error = join.New("child").Start()
	fmt.Println("join:", err)
}
`

// miniature makes a kit of two exercises that depends on nothing.
func miniature(t *testing.T) *kit.Kit {
	t.Helper()
	main, err := os.ReadFile("../../cmd/programs/main.go")
	require.NoError(t, err)
	root := t.TempDir()
	files := map[string]string{
		"go.mod":                                     "module forklings\n\ngo 1.24\n",
		"cmd/programs/main.go":                       string(main),
		"exercises/07-join/join.go":                  "this is no Go",
		"exercises/07-join/program/program.go":       program,
		"testdata/attempts/join/stub.go":             stub,
		"exercises/08-is-alive/is_alive.go":          "package isalive\n\nconst Text = \"kit\"\n",
		"exercises/08-is-alive/program/program.go":   "package program\n\nimport \"forklings/exercises/08-is-alive\"\n\nfunc Main() { println(isalive.Text) }\n",
		"testdata/attempts/is-alive/stub.go":         "package isalive\n\nconst Text = \"stub\"\n",
		"exercises/09-other/other.go":                "this is no Go either",
		"exercises/09-other/program/program.go":      "nor this",
		"exercises/09-other/testdata/nothing.txtar":  "",
		"testdata/attempts/join/right/again.go":      "",
		"testdata/attempts/is-alive/right/a/b/c.txt": "",
	}
	for name, content := range files {
		put(t, filepath.Join(root, name), content)
	}
	k, err := kit.Open(root)
	require.NoError(t, err)
	put(t, filepath.Join(root, "cmd/programs/programs.go"), string(List(k.Exercises)))
	return k
}

func put(t *testing.T, file, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
	require.NoError(t, os.WriteFile(file, []byte(content), 0o666))
}

// hand hands in files, in a folder the learner is in: join/join.go and so on.
func hand(t *testing.T, k *kit.Kit, files map[string]string) []attempt.Handed {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range files {
		put(t, name, content)
	}
	a, err := attempt.Read(k, ".")
	require.NoError(t, err)
	return a.Handed
}

func programs(t *testing.T, k *kit.Kit, handed []attempt.Handed) *Program {
	t.Helper()
	p, err := Programs(t.Context(), k, t.TempDir(), handed)
	require.NoError(t, err)
	return p
}

// run runs a program as the exercise's, and returns what it prints.
func run(t *testing.T, binary, exercise string, args ...string) string {
	t.Helper()
	link := filepath.Join(t.TempDir(), exercise)
	require.NoError(t, os.Link(binary, link))
	out, _ := exec.Command(link, args...).CombinedOutput()
	return string(out)
}

// written is a right attempt at join that says so.
func written(says string) string {
	return string(bytes.Replace([]byte(stub), []byte(`errors.New("stub")`), []byte(`errors.New("`+says+`")`), 1))
}

func TestAttemptIsLaidOverTheKit(t *testing.T) {
	k := miniature(t)
	p := programs(t, k, hand(t, k, map[string]string{
		"join/join.go":         written("mine"),
		"is-alive/is_alive.go": "package isalive\n\nconst Text = more\n",
		"is-alive/more.go":     "package isalive\n\nconst more = \"more\"\n",
	}))
	require.Empty(t, p.Broken)
	require.Equal(t, "join: mine\n", run(t, p.For("join"), "join", "role"))
	require.Equal(t, "more\n", run(t, p.For("is-alive"), "is-alive", "role"))
	require.Equal(t, p.Binary, p.For("join"))
}

func TestNothingElseInTheKitsFolderIsCompiled(t *testing.T) {
	k := miniature(t)
	for name, content := range map[string]string{
		"more.go": "package join\n\nfunc New() {}\n", "x.s": "no assembly", "x.c": "int x;", "x.syso": "no object", "go.mod": "module mine\n",
	} {
		put(t, filepath.Join(k.Exercises[0].Dir, name), content)
	}
	p := programs(t, k, hand(t, k, map[string]string{"join/join.go": written("mine")}))
	require.Empty(t, p.Broken)
	require.Equal(t, "join: mine\n", run(t, p.For("join"), "join", "role"))
}

func TestWhatWasReadIsWhatIsBuilt(t *testing.T) {
	k := miniature(t)
	handed := hand(t, k, map[string]string{"join/join.go": written("read")})
	put(t, "join/join.go", written("changed"))
	require.Equal(t, "join: read\n", run(t, programs(t, k, handed).For("join"), "join", "role"))
}

func TestSampleStandsForTheExercisesFile(t *testing.T) {
	k := miniature(t)
	file := filepath.Join(t.TempDir(), "polls.timerfd.go")
	put(t, file, written("sample"))
	p := programs(t, k, []attempt.Handed{attempt.Single(k.Exercises[0], file)})
	require.Equal(t, "join: sample\n", run(t, p.For("join"), "join", "role"))
}

func TestUngradableExerciseIsPassedOver(t *testing.T) {
	k := miniature(t)
	p := programs(t, k, hand(t, k, map[string]string{"join/join.go": "package foo", "is-alive/is_alive.go": "package isalive\nconst Text = \"mine\"\n"}))
	require.Empty(t, p.Broken)
	require.Equal(t, "mine\n", run(t, p.For("is-alive"), "is-alive", "role"))
	require.Contains(t, run(t, p.Binary, "join", "role"), "join: no such program; link this file under one of these names, and run that: is-alive")
}

func TestNothingHandedInBuildsNothing(t *testing.T) {
	p := programs(t, miniature(t), nil)
	require.Empty(t, p.Binary)
	require.Empty(t, p.For("join"))
}

func TestProgramIsChosenByTheFileThatRuns(t *testing.T) {
	k := miniature(t)
	p := programs(t, k, hand(t, k, map[string]string{"join/join.go": written("mine")}))
	dir := t.TempDir()
	require.NoError(t, os.Link(p.Binary, filepath.Join(dir, "join")))
	cmd := exec.Command(filepath.Join(dir, "join"), "role")
	cmd.Args[0] = "is-alive"
	out, err := cmd.CombinedOutput()
	require.NoError(t, err)
	require.Equal(t, "join: mine\n", string(out))

	out, err = exec.Command(p.Binary).CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 125, exit.ExitCode())
	require.Equal(t, "programs: no such program; link this file under one of these names, and run that: join\n", string(out))
}

func TestCodeAtTheStartHitsItsOwnExerciseOnly(t *testing.T) {
	k := miniature(t)
	p := programs(t, k, hand(t, k, map[string]string{
		"join/join.go":         stub + "\nfunc init() { panic(\"first of all\") }\n",
		"is-alive/is_alive.go": "package isalive\nconst Text = \"mine\"\n",
	}))
	require.Empty(t, p.Broken)
	require.Contains(t, run(t, p.For("join"), "join", "role"), "panic: first of all")
	require.Equal(t, "mine\n", run(t, p.For("is-alive"), "is-alive", "role"))
}

func TestCancelledBuildLeavesNoProcess(t *testing.T) {
	k := miniature(t)
	handed := hand(t, k, map[string]string{"join/join.go": stub})
	bin := t.TempDir()
	alive := filepath.Join(bin, "alive")
	require.NoError(t, unix.Mkfifo(alive, 0o666))
	// A go that has a compiler which never ends; both hold the FIFO open.
	put(t, filepath.Join(bin, "go"), "#!/bin/sh\nexec 3>'"+alive+"'\necho started >&3\nsleep 1000 &\nwait\n")
	require.NoError(t, os.Chmod(filepath.Join(bin, "go"), 0o777))
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := Programs(ctx, k, t.TempDir(), handed)
		ended <- err
	}()
	fifo, err := os.Open(alive)
	require.NoError(t, err)
	defer fifo.Close()
	started := make([]byte, len("started\n"))
	_, err = io.ReadFull(fifo, started)
	require.NoError(t, err)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	rest, err := io.ReadAll(fifo) // ends when nobody holds it any more
	require.NoError(t, err)
	require.Empty(t, rest)
}

func TestListOfTheKitIsFresh(t *testing.T) {
	root, err := kit.Locate(".")
	require.NoError(t, err)
	k, err := kit.Open(root)
	require.NoError(t, err)
	list, err := os.ReadFile(filepath.Join(root, "cmd", "programs", "programs.go"))
	require.NoError(t, err)
	require.Equal(t, string(List(k.Exercises)), string(list), "cmd/programs/programs.go is stale: run go run ./cmd/checker generate")
}
