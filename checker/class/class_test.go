//go:build linux

package class

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"forklings/checker/class/classtest"
	"forklings/checker/grade"
	"forklings/checker/grade/minikit"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/sandbox"

	"github.com/stretchr/testify/require"
)

// killed, when set, makes this program a grader that kills itself in its middle: what is there are the kit, the class and the database.
const killed = "FORKLINGS_CLASS_KILLED"

func TestMain(m *testing.M) {
	if args := filepath.SplitList(os.Getenv(killed)); len(args) == 3 {
		gradeAndDie(args[0], args[1], args[2])
	}
	os.Exit(m.Run())
}

func gradeAndDie(root, dir, db string) {
	k, err := kit.Open(root)
	if err != nil {
		panic(err)
	}
	c, submissions, err := grading(k, dir, db)
	if err != nil {
		panic(err)
	}
	c.Hear = func(p Progress) {
		if p.Graded == 2 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	c.Run(context.Background(), submissions)
	os.Exit(1)
}

func grading(k *kit.Kit, dir, db string) (*Class, []Submission, error) {
	box, err := sandbox.Best()
	if err != nil {
		return nil, nil, err
	}
	submissions, err := Find(lang.English, []string{dir}, nil)
	if err != nil {
		return nil, nil, err
	}
	store, err := Open(lang.English, db)
	if err != nil {
		return nil, nil, err
	}
	return &Class{Kit: k, Exercises: k.Exercises, Store: store, Grader: grade.Grader{Sandbox: box, Trace: grade.TraceFirst}}, submissions, nil
}

func run(t *testing.T, k *kit.Kit, dir, db string, shard Shard) Summary {
	t.Helper()
	c, submissions, err := grading(k, dir, db)
	require.NoError(t, err)
	defer c.Store.Close()
	s, err := c.Run(t.Context(), shard.Take(submissions))
	require.NoError(t, err)
	require.Empty(t, s.Faults)
	return s
}

// gradebook is the CSV, by learner and column.
func gradebook(t *testing.T, s *Store) map[string]map[string]string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, s.CSV(&b))
	rows, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	book := map[string]map[string]string{}
	for _, row := range rows[1:] {
		book[row[0]] = map[string]string{}
		for i, name := range rows[0] {
			book[row[0]][name] = row[i]
		}
	}
	require.Len(t, book, len(rows)-1)
	return book
}

// expect compares what was graded with what the class was made of.
func expect(t *testing.T, s *Store, class map[string]map[string]classtest.Expected) {
	t.Helper()
	seen := 0
	require.NoError(t, s.lines(func(l line) error {
		for _, c := range l.Cells {
			want, ok := class[l.Learner][c.Exercise]
			if !ok {
				continue
			}
			seen++
			mistake := ""
			if c.Key != "" {
				e, err := s.verdict(c.Key)
				require.NoError(t, err)
				if wrong := failed(e); len(wrong) > 0 {
					mistake = wrong[0].Mistake
				}
			}
			if c.Status != want.Status || mistake != want.Mistake {
				t.Errorf("%s, %s (%s): %s %s, not %s %s", l.Learner, c.Exercise, want.Attempt, c.Status, mistake, want.Status, want.Mistake)
			}
		}
		return nil
	}))
	n := 0
	for _, x := range class {
		n += len(x)
	}
	require.Equal(t, n, seen)
}

func TestAKilledGradeGoesOnWhereItWasAndShardsMakeTheSame(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	k, dir, dbs := minikit.New(t), t.TempDir(), t.TempDir()
	class, err := classtest.Make(dir, classtest.Options{Learners: 10, Seed: 2, Exercises: k.Exercises})
	require.NoError(t, err)
	whole := filepath.Join(dbs, "whole.db")

	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), killed+"="+strings.Join([]string{k.Root, dir, whole}, string(filepath.ListSeparator)))
	out, err := cmd.CombinedOutput()
	require.Equal(t, syscall.SIGKILL, cmd.ProcessState.Sys().(syscall.WaitStatus).Signal(), "%v %s", err, out)

	different := map[string]bool{}
	for _, x := range class {
		for _, e := range x {
			different[e.Attempt] = true
		}
	}
	s := run(t, k, dir, whole, Shard{})
	require.GreaterOrEqual(t, s.Known, 2)
	require.Equal(t, len(different), s.Known+s.Graded, "each different attempt once, before or after")
	require.Equal(t, Summary{Learners: 10, Complete: 10, Known: len(different)}, run(t, k, dir, whole, Shard{}), "nothing is graded twice")

	var parts []string
	learners := 0
	for i := range 2 {
		parts = append(parts, filepath.Join(dbs, "shard-"+string(rune('1'+i))+".db"))
		learners += run(t, k, dir, parts[i], Shard{Number: i + 1, Of: 2}).Learners
	}
	require.Equal(t, 10, learners)
	merged, err := Open(lang.English, filepath.Join(dbs, "merged.db"))
	require.NoError(t, err)
	defer merged.Close()
	require.NoError(t, merged.Merge(parts))
	require.NoError(t, merged.Merge(parts), "once more changes nothing")
	one, err := Look(lang.English, whole)
	require.NoError(t, err)
	defer one.Close()
	require.Equal(t, gradebook(t, one), gradebook(t, merged))
	expect(t, one, class)
	expect(t, merged, class)

	var page bytes.Buffer
	require.NoError(t, merged.Report(&page, k))
	for _, want := range []string{"The class, learners: 10", "learner-010", "How loud is it?", `"k":"shouts"`, "greeter"} {
		require.True(t, strings.Contains(page.String(), want), want)
	}
}

var (
	learners = flag.Int("class", 0, "grade a class of so many learners, of the kit's own attempts")
	seed     = flag.Uint64("seed", 1, "of the class")
	stubs    = flag.Float64("stubs", 0, "how much of it is not begun, 0 to 1")
	some     = flag.String("exercises", "", "that count; without, all")
	where    = flag.String("into", "", "folder for the class and its results")
	makes    = flag.Bool("make", false, "make the class, and grade nothing")
)

// TestAWholeClass grades a class made of the kit's own attempts: not one verdict may be wrong. It takes long, and is run when it is asked for:
//
//	go test ./checker/class -run WholeClass -timeout 1h -class 20
func TestAWholeClass(t *testing.T) {
	if *learners == 0 {
		t.Skip("not shown: that a class made of the kit's attempts gets not one wrong verdict; it takes long, -class says how many learners")
	}
	root, err := kit.Locate(".")
	require.NoError(t, err)
	k, err := kit.Open(root)
	require.NoError(t, err)
	into := *where
	if into == "" {
		into = t.TempDir()
	}
	exercises := k.Exercises
	if *some != "" {
		exercises = nil
		for _, name := range strings.Split(*some, ",") {
			e, err := k.Find(name)
			require.NoError(t, err)
			exercises = append(exercises, e)
		}
	}
	class, err := classtest.Make(filepath.Join(into, "class"), classtest.Options{Learners: *learners, Seed: *seed, Stubs: *stubs, Exercises: exercises})
	require.NoError(t, err)
	if *makes {
		return
	}
	c, submissions, err := grading(k, filepath.Join(into, "class"), filepath.Join(into, "class.db"))
	require.NoError(t, err)
	defer c.Store.Close()
	c.Exercises = exercises
	begun, told := time.Now(), time.Now()
	c.Hear = func(p Progress) {
		if time.Since(told) > 10*time.Second {
			told = time.Now()
			t.Logf("%v: %d of %d attempts, %d of %d learners", time.Since(begun).Round(time.Second), p.Graded, p.Attempts, p.Complete, p.Learners)
		}
	}
	s, err := c.Run(t.Context(), submissions)
	require.NoError(t, err)
	took := time.Since(begun)
	var self, children syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &self)
	syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children)
	cpu := func(u syscall.Rusage) time.Duration {
		return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Round(time.Millisecond)
	}
	t.Logf("%+v in %v: %.1f submissions a minute; CPU %v here, %v in processes; at most %d MiB", s, took, float64(s.Learners)/took.Minutes(), cpu(self), cpu(children), self.Maxrss>>10)
	require.Empty(t, s.Faults)
	expect(t, c.Store, class)
	for name, write := range map[string]func(*os.File) error{
		"class.csv":  func(f *os.File) error { return c.Store.CSV(f) },
		"class.html": func(f *os.File) error { return c.Store.Report(f, k) },
	} {
		f, err := os.Create(filepath.Join(into, name))
		require.NoError(t, err)
		require.NoError(t, write(f))
		require.NoError(t, f.Close())
	}
}
