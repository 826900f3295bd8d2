//go:build linux

// Package hostile grades the attempts in testdata/hostile, which try to get a better grade than they deserve, to get at what
// decides, to leave something behind, or to use up the machine.
package hostile

import (
	"flag"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/build"
	"forklings/checker/grade"
	"forklings/checker/grade/minikit"
	"forklings/checker/kit"
	"forklings/checker/result"
	"forklings/checker/sandbox"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

const (
	mark   = "forklings-hostile" // in the name of everything that an attempt may leave
	ipcKey = "1718579819"        // 0x666f726b, of System V objects
	secret = "FORKLINGS_SECRET"  // in the environment of the grader
	limit  = 90 * time.Second    // for one attempt within one kind of walls: a line of a script may take 60 where the machine is busy
)

var all = flag.Bool("all", false, "within all walls that contain an attempt")

// lesser walls are those of older kernels, and of users who may make no control groups.
var lesser = []string{"subreaper", "mounts", "files", "namespaces"}

// expected is what the first comment of an attempt says.
type expected struct {
	verdict string   // status and mistake of the first scenario that does not pass; several with "or" between them
	refused string   // or part of why it is not built
	broken  string   // or part of why it cannot be
	levels  []string // of walls that contain it
}

func parse(t *testing.T, text string) (e expected) {
	e.levels = sandbox.Levels[1:] // the worst keeps nothing outside from a program but by limits
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "//"))
		if want, ok := strings.CutPrefix(line, "-> refused: "); ok {
			e.refused = want
		} else if want, ok := strings.CutPrefix(line, "-> broken: "); ok {
			e.broken = want
		} else if want, ok := strings.CutPrefix(line, "-> "); ok {
			e.verdict = want
		} else if levels, ok := strings.CutPrefix(line, "needs: "); ok {
			e.levels = strings.Fields(levels)
		}
	}
	if slices.Contains(e.levels, "namespaces") {
		e.levels = append(e.levels, "cgroups") // the same, and more
	}
	require.False(t, e.verdict+e.refused+e.broken == "", "it does not say what must come out")
	return e
}

// TestHostileAttemptsAreContained grades each attempt at join, with a right one at identity, within all walls that this
// machine has. What an attempt prints after ESCAPED is what it has got at.
func TestHostileAttemptsAreContained(t *testing.T) {
	files, err := filepath.Glob("../../testdata/hostile/*")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 40)
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv(secret, "42")
	k := copyKit(t, filepath.Join(tmp, "kit"))
	before := tree(t, k.Root)
	written := filepath.Join(tmp, "result.json")
	require.NoError(t, os.WriteFile(written, []byte("a result"), 0o644))
	listener, err := net.Listen("unix", "@"+mark)
	require.NoError(t, err)
	defer listener.Close()

	g := grader(k)
	g.Sandbox = sandbox.Options{Tier: sandbox.Subreaper}
	r, err := g.Grade(t.Context(), []attempt.Handed{attempt.Single(k.Exercises[1], k.Exercises[1].StubFile())})
	require.NoError(t, err)
	stub := r.Exercises[0].Score
	t.Run("attempts", func(t *testing.T) {
		for number, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				contained(t, k, file, number, stub)
			})
		}
	})

	require.Equal(t, before, tree(t, k.Root), "the kit was changed")
	b, err := os.ReadFile(written)
	require.NoError(t, err)
	require.Equal(t, "a result", string(b))
	nothingLeft(t, tmp, "kit", "result.json")
}

func contained(t *testing.T, k *kit.Kit, file string, number, stubs int) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	want := parse(t, string(text))
	join, identity := k.Exercises[1], k.Exercises[0]
	h := hand(t, join, file, text)
	if want.refused != "" {
		require.ErrorContains(t, h.Err, want.refused)
	} else {
		require.NoError(t, h.Err)
	}
	g := grader(k)
	built, err := g.Build(t.Context(), []attempt.Handed{attempt.Single(identity, filepath.Join(identity.SolutionDir(), identity.File)), h})
	require.NoError(t, err)
	defer built.Close()
	for level, box := range boxes(t) {
		if !want.within(level, number) {
			continue
		}
		t.Run(level, func(t *testing.T) {
			g.Sandbox = box
			began := time.Now()
			r, err := built.Play(t.Context())
			require.NoError(t, err)
			require.Equal(t, level, r.Walls)
			require.Less(t, time.Since(began), limit)
			complete(t, k, r)
			require.Equal(t, result.Pass, r.Exercises[0].Status, "another exercise's score is lost: %+v", r.Exercises[0])
			require.LessOrEqual(t, r.Exercises[1].Score, stubs, "it scores more than the stub")
			want.compare(t, r.Exercises[1], strings.Contains(string(text), "contained:"))
		})
	}
}

// within reports whether the attempt is graded within these walls: all that contain it with -all, else the best, those of plain
// Docker, and of the others one.
func (want expected) within(level string, number int) bool {
	claimed := slices.Contains(want.levels, level) || slices.Contains(want.levels, "any")
	i := slices.Index(lesser, level)
	return claimed && (*all || i < 0 || i == number%len(lesser))
}

func (want expected) compare(t *testing.T, e result.Exercise, tells bool) {
	if want.verdict == "" {
		require.Equal(t, result.Error, e.Status)
		require.False(t, e.Fault, e.Message)
		require.Contains(t, e.Message, want.refused+want.broken)
		require.Less(t, len(e.Message), 10<<10)
		return
	}
	first := slices.IndexFunc(e.Scenarios, func(s result.Scenario) bool { return s.Status != result.Pass })
	require.GreaterOrEqual(t, first, 0, "it passes")
	s := e.Scenarios[first]
	require.NotContains(t, s.Output, "ESCAPED")
	if tells {
		require.Contains(t, s.Output, "contained:", "it has tried nothing")
	}
	require.Contains(t, strings.Split(want.verdict, " or "), strings.TrimSpace(string(s.Status)+" "+s.Mistake), "%+v", s)
}

// complete: every planned scenario is in the result, once.
func complete(t *testing.T, k *kit.Kit, r *result.Result) {
	for i, e := range r.Exercises {
		planned, err := k.Exercises[i].Scenarios()
		require.NoError(t, err)
		var names, have []string
		for _, s := range planned {
			names = append(names, s.Name)
		}
		for _, s := range e.Scenarios {
			have = append(have, s.Name)
		}
		require.Equal(t, names, have)
	}
}

// hand takes a file, or an archive of files, as the attempt.
func hand(t *testing.T, e kit.Exercise, file string, text []byte) attempt.Handed {
	if filepath.Ext(file) == ".go" {
		return attempt.Single(e, file)
	}
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, e.Folder), 0o777))
	for _, f := range txtar.Parse(text).Files {
		path := filepath.Join(dir, e.Folder, f.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, f.Data, 0o666))
	}
	a, err := attempt.Read(&kit.Kit{Exercises: []kit.Exercise{e}}, dir)
	require.NoError(t, err)
	return a.Handed[0]
}

func grader(k *kit.Kit) *grade.Grader {
	return &grade.Grader{Kit: k, Stubs: true, Decide: true, Jobs: 2}
}

// boxes are by their walls all that this machine has, those too that a lesser machine would have.
func boxes(t *testing.T) map[string]sandbox.Options {
	found := map[string]sandbox.Options{}
	for _, box := range []sandbox.Options{
		{Tier: sandbox.Namespaces}, {Tier: sandbox.Namespaces, NoCgroups: true}, {Tier: sandbox.Namespaces, NoLandlock: true}, {Tier: sandbox.Subreaper}, {Tier: sandbox.Subreaper, NoScope: true}, {Tier: sandbox.Subreaper, NoLandlock: true},
	} {
		level, err := sandbox.Level(box)
		if err == nil {
			found[level] = box
		} else {
			t.Logf("not shown in %s: %v", box.Tier, err)
		}
	}
	require.NotEmpty(t, found)
	return found
}

// copyKit makes a kit of two exercises that attempts may try to change.
func copyKit(t *testing.T, root string) *kit.Kit {
	checkout, err := kit.Locate(".")
	require.NoError(t, err)
	for _, name := range []string{"go.mod", "go.sum", "cmd/programs", "checker/syncpoint", "checker/script", "checker/arrange"} {
		require.NoError(t, minikit.Copy(filepath.Join(checkout, name), filepath.Join(root, name)))
	}
	for _, name := range []string{"exercises/01-identity", "exercises/07-join", "solutions/identity", "solutions/join"} {
		require.NoError(t, os.CopyFS(filepath.Join(root, name), os.DirFS(filepath.Join(checkout, name))))
	}
	for _, name := range []string{"identity", "join"} {
		stub := filepath.Join("testdata/attempts", name, "stub.go")
		require.NoError(t, minikit.Copy(filepath.Join(checkout, stub), filepath.Join(root, stub)))
	}
	k, err := kit.Open(root)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(root, "cmd/programs/programs.go"), build.List(k.Exercises), 0o644))
	return k
}

// tree describes all that is in a folder.
func tree(t *testing.T, root string) (all []string) {
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		data := []byte(nil)
		if info.Mode().IsRegular() {
			data, err = os.ReadFile(path)
		}
		all = append(all, fmt.Sprintln(path, info.Mode(), info.ModTime().UnixNano(), len(data)))
		return err
	}))
	return all
}

// nothingLeft: no file, process, object or key.
func nothingLeft(t *testing.T, tmp string, but ...string) {
	entries, err := os.ReadDir(tmp)
	require.NoError(t, err)
	for _, e := range entries {
		require.Contains(t, but, e.Name(), "left in TMPDIR")
	}
	for _, dir := range []string{"/", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/root", "/etc", "/usr/local/bin", "/sys/fs/cgroup"} {
		left, _ := filepath.Glob(filepath.Join(dir, mark+"*"))
		require.Empty(t, left)
	}
	for _, file := range []string{"/proc/sysvipc/shm", "/proc/sysvipc/msg", "/proc/sysvipc/sem"} {
		b, _ := os.ReadFile(file)
		require.NotContains(t, string(b), ipcKey, file)
	}
	b, _ := os.ReadFile("/proc/keys")
	require.NotContains(t, string(b), mark)
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		to, _ := os.Readlink(link)
		require.False(t, strings.HasPrefix(to, tmp), "%s still runs %s", link, to)
	}
}
