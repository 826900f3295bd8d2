package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/grade/minikit"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/fsnotify/fsnotify"
	"github.com/stretchr/testify/require"
)

// fake grades by what an attempt says of itself: "hangs" until it is cancelled, "is slow to cancel" until released, "faults",
// "fails", or it passes. The verdict's message is the attempt's last line.
type fake struct {
	mutex     sync.Mutex
	running   int
	most      int // runs at once
	graded    []string
	cancelled []string
	begun     []string
	release   chan struct{}
	revealed  int
	known     map[string]result.Exercise
	never     bool // nothing has ever passed
}

func newFake() *fake { return &fake{release: make(chan struct{}), known: map[string]result.Exercise{}} }

func lastLine(h attempt.Handed) string {
	if len(h.Files) == 0 {
		return fmt.Sprint(h.Err)
	}
	all := bytes.Split(bytes.TrimSpace(h.Files[0].Data), []byte("\n"))
	return string(all[len(all)-1])
}

func (f *fake) Grade(ctx context.Context, handed []attempt.Handed, anew bool, done func(result.Exercise)) error {
	f.mutex.Lock()
	f.running++
	f.most = max(f.most, f.running)
	f.mutex.Unlock()
	defer func() {
		f.mutex.Lock()
		f.running--
		f.mutex.Unlock()
	}()
	for _, h := range handed {
		says := lastLine(h)
		f.mutex.Lock()
		f.begun = append(f.begun, says)
		f.mutex.Unlock()
		e := result.Exercise{Name: h.Exercise.Name, Status: result.Pass, Message: says}
		switch {
		case strings.Contains(says, "hangs"):
			<-ctx.Done()
		case strings.Contains(says, "is slow to cancel"):
			<-ctx.Done()
			<-f.release
		case strings.Contains(says, "faults"):
			return errors.New("the disk is full")
		case strings.Contains(says, "panics"):
			panic("oops")
		case strings.Contains(says, "fails"):
			e.Status = result.Fail
			e.Scenarios = []result.Scenario{{Name: "s", Status: result.Fail, Mistake: "returns-early"}}
		}
		f.mutex.Lock()
		if ctx.Err() != nil {
			f.cancelled = append(f.cancelled, says)
			f.mutex.Unlock()
			return ctx.Err()
		}
		f.graded = append(f.graded, says)
		f.mutex.Unlock()
		done(e)
	}
	return nil
}

func (f *fake) Recall(h attempt.Handed) (result.Exercise, bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	e, ok := f.known[lastLine(h)]
	return e, ok
}

func (f *fake) Trace(context.Context, attempt.Handed) (result.Exercise, error) {
	return result.Exercise{}, nil
}

func (f *fake) Mistake(e result.Exercise) string {
	if len(e.Scenarios) > 0 {
		return e.Scenarios[0].Mistake
	}
	return "start"
}

func (f *fake) Hint(_ kit.Exercise, mistake string, tier int) string {
	if tier > 3 {
		return ""
	}
	return fmt.Sprintf("%s, tier %d", mistake, tier)
}

func (f *fake) Revealed(string, string) int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.revealed
}

func (f *fake) Reveal(_, _ string, tier int) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.revealed = tier
	return nil
}

func (f *fake) Afterwards(kit.Exercise) string         { return "read on" }
func (f *fake) Passed(string) bool                     { return !f.never }
func (f *fake) Diff(attempt.Handed) (string, error)    { return "", nil }
func (f *fake) Roles(kit.Exercise) ([][]string, error) { return [][]string{{"greeter"}}, nil }
func (f *fake) Command(args ...string) *exec.Cmd       { return exec.Command("true", args...) }
func (f *fake) Reread()                                {}
func (f *fake) Trouble() string                        { return "" }
func (f *fake) list(of *[]string) (copied []string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return append(copied, *of...)
}
func (f *fake) knows(says string, e result.Exercise) { f.known[says] = e }
func fileOf(k *kit.Kit, i int) string                { return filepath.Join(k.Exercises[i].Dir, k.Exercises[i].File) }
func written(k *kit.Kit, i int, says string) []byte {
	return []byte("package " + k.Exercises[i].Package + "\n\n// " + says + "\n")
}

// save changes a file at once: a file that is written in place is empty for a moment, and that may be graded, too.
func save(t testing.TB, k *kit.Kit, i int, says string) {
	half := filepath.Join(k.Exercises[i].Dir, ".half")
	require.NoError(t, os.WriteFile(half, written(k, i, says), 0o644))
	require.NoError(t, os.Rename(half, fileOf(k, i)))
}

// started is an engine at work, until the end of the test.
func started(t testing.TB, k *kit.Kit, f *fake, change func(*engine)) (*engine, context.Context) {
	e := newEngine(Config{Kit: k, Course: f, Lang: lang.English})
	if change != nil {
		change(e)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		e.loop(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		require.Zero(t, f.running, "a run outlived the engine")
		require.LessOrEqual(t, f.most, 1, "runs at once")
	})
	return e, ctx
}

// until waits for a snapshot.
func until(t testing.TB, e *engine, what string, is func(Snapshot) bool) Snapshot {
	t.Helper()
	for end := time.After(time.Minute); ; {
		s := e.Snapshot()
		require.Empty(t, s.Broken)
		if len(s.Entries) > 0 && is(s) {
			return s
		}
		select {
		case <-e.changed:
		case <-end:
			t.Fatalf("never came: %s; last %+v", what, s)
		}
	}
}

func says(i int, text string) func(Snapshot) bool {
	return func(s Snapshot) bool {
		return s.Entries[i].Status != "" && s.Entries[i].Verdict != nil && s.Entries[i].Verdict.Message == "// "+text
	}
}

func TestTheLastOfManySavesIsShown(t *testing.T) {
	k, f := minikit.New(t), newFake()
	e, _ := started(t, k, f, nil)
	for n := range 200 {
		if n%2 == 0 {
			require.NoError(t, os.WriteFile(fileOf(k, 0), written(k, 0, fmt.Sprint("save ", n)), 0o644))
			continue
		}
		save(t, k, 0, fmt.Sprint("save ", n))
	}
	until(t, e, "the last save", says(0, "save 199"))
	until(t, e, "rest", func(s Snapshot) bool { return !s.Running })
	require.Equal(t, "// save 199", e.Snapshot().Entries[0].Verdict.Message)
}

func TestANewerSaveCancelsTheStaleRun(t *testing.T) {
	k, f := minikit.New(t), newFake()
	e, _ := started(t, k, f, nil)
	save(t, k, 0, "hangs")
	until(t, e, "the run", func(s Snapshot) bool { return s.Running && len(f.list(&f.begun)) == 1 })
	save(t, k, 0, "good")
	until(t, e, "the newer save's verdict", says(0, "good"))
	require.Equal(t, []string{"// hangs"}, f.list(&f.cancelled))
}

func TestWhatIsSavedWhileARunIsCancelledIsNotLost(t *testing.T) {
	k, f := minikit.New(t), newFake()
	e, _ := started(t, k, f, nil)
	save(t, k, 0, "is slow to cancel")
	until(t, e, "the run", func(s Snapshot) bool { return len(f.list(&f.begun)) == 1 })
	for _, text := range []string{"second", "third"} {
		save(t, k, 0, text)
		until(t, e, text, func(s Snapshot) bool { return sumOf(read(k, k.Exercises[0])) != sum{} && s.Running })
	}
	close(f.release)
	until(t, e, "the last", says(0, "third"))
	require.NotContains(t, f.list(&f.graded), "// second")
}

func TestEveryWayToSaveIsSeen(t *testing.T) {
	k, f := minikit.New(t), newFake()
	e, _ := started(t, k, f, nil)
	dir, name := k.Exercises[0].Dir, fileOf(k, 0)
	for what, how := range map[string]func(text []byte) error{
		"truncate and write": func(text []byte) error { return os.WriteFile(name, text, 0o644) },
		"rename over it": func(text []byte) error {
			return errors.Join(os.WriteFile(name+".new", text, 0o644), os.Rename(name+".new", name))
		},
		"rename it away, write anew": func(text []byte) error {
			return errors.Join(os.Rename(name, name+"~"), os.WriteFile(name, text, 0o644), os.Remove(name+"~"))
		},
		"remove, write anew": func(text []byte) error { return errors.Join(os.Remove(name), os.WriteFile(name, text, 0o644)) },
		"the whole folder anew": func(text []byte) error {
			away := filepath.Join(t.TempDir(), "away")
			err := errors.Join(os.Rename(dir, away), os.Mkdir(dir, 0o755))
			for _, sub := range []string{"program", "testdata", "README.md", "hints.md"} {
				err = errors.Join(err, os.Rename(filepath.Join(away, sub), filepath.Join(dir, sub)))
			}
			return errors.Join(err, os.WriteFile(name, text, 0o644))
		},
		"in steps": func(text []byte) error {
			w, err := os.Create(name)
			for _, b := range text {
				_, wrote := w.Write([]byte{b})
				err = errors.Join(err, wrote)
			}
			return errors.Join(err, w.Close())
		},
		"in the old file's time": func(text []byte) error {
			info, err := os.Stat(name)
			return errors.Join(err, os.WriteFile(name, text, 0o644), os.Chtimes(name, info.ModTime(), info.ModTime()))
		},
	} {
		require.NoError(t, how(written(k, 0, what)), what)
		until(t, e, what, says(0, what))
	}
	require.Empty(t, e.Snapshot().Polling)
}

func TestTheClockIsEnough(t *testing.T) {
	k, f := minikit.New(t), newFake()
	e, _ := started(t, k, f, func(e *engine) { e.Poll = true })
	until(t, e, "what polling is for", func(s Snapshot) bool { return s.Polling == "you asked for it" })
	save(t, k, 0, "good")
	until(t, e, "the verdict", says(0, "good"))
	save(t, k, 1, "another")
	until(t, e, "the other one", says(1, "another"))
}

func TestAKernelThatTellsNothingIsFoundOut(t *testing.T) {
	k, f := minikit.New(t), newFake()
	e, _ := started(t, k, f, func(e *engine) { e.source.deaf = true })
	until(t, e, "the beginning", func(s Snapshot) bool { return true })
	save(t, k, 0, "good")
	until(t, e, "the verdict", says(0, "good"))
	until(t, e, "polling", func(s Snapshot) bool { return strings.Contains(s.Polling, "not told by the kernel") })
}

func TestAnEventThatComesDuringTheLookIsNotMissed(t *testing.T) {
	s := newSource("", "/kit", []string{"/kit/a", "/kit/b"})
	event := fsnotify.Event{Name: "/kit/a/a.go", Op: fsnotify.Write}
	for _, told := range []bool{true, false} {
		s.take()
		if told {
			s.hear(nil, map[string]int{"/kit/a": 0, "/kit/b": 1}, event)
		}
		s.missed(0)
		require.Equal(t, !told, len(s.doubt) == 1)
	}
}

func TestAFaultIsToldAndNotTriedAgainAndAgain(t *testing.T) {
	k, f := minikit.New(t), newFake()
	e, ctx := started(t, k, f, func(e *engine) { e.Poll = true })
	save(t, k, 0, "faults")
	until(t, e, "the fault", func(s Snapshot) bool { return s.Fault == "the disk is full" && !s.Running })
	save(t, k, 1, "good") // some looks later
	until(t, e, "the other", says(1, "good"))
	require.Equal(t, []string{"// faults", "// good"}, f.list(&f.begun))
	e.Again(ctx)
	until(t, e, "once more", func(s Snapshot) bool { return len(f.list(&f.begun)) == 3 && s.Fault != "" })
	save(t, k, 0, "panics")
	until(t, e, "the panic", func(s Snapshot) bool { return strings.Contains(s.Fault, "oops") })
	save(t, k, 0, "good at last")
	until(t, e, "the verdict", says(0, "good at last"))
}

func TestTheBeginningIsTheFirstThatDoesNotPass(t *testing.T) {
	k, f := minikit.New(t), newFake()
	save(t, k, 0, "known")
	f.knows("// known", result.Exercise{Name: "greet", Status: result.Pass, Message: "// known"})
	save(t, k, 1, "unknown, and passes")
	save(t, k, 2, "fails")
	e, _ := started(t, k, f, nil)
	s := until(t, e, "the third", func(s Snapshot) bool { return s.Current == 2 && s.Entries[2].Status == result.Fail })
	require.Equal(t, result.Pass, s.Entries[0].Status)
	require.NotContains(t, f.list(&f.begun), "// known", "what is remembered is not graded again")
	save(t, k, 2, "passes")
	s = until(t, e, "the pass", says(2, "passes"))
	require.Equal(t, 2, s.Current, "a pass does not jump")
}

func TestAnotherExerciseThatIsSavedIsGradedAndNamed(t *testing.T) {
	k, f := minikit.New(t), newFake()
	e, ctx := started(t, k, f, nil)
	until(t, e, "the beginning", func(s Snapshot) bool { return true })
	save(t, k, 1, "another")
	s := until(t, e, "it", func(s Snapshot) bool { return s.Saved == 1 && says(1, "another")(s) })
	require.Equal(t, 0, s.Current)
	e.Choose(ctx, 1)
	s = until(t, e, "there", func(s Snapshot) bool { return s.Current == 1 })
	require.Equal(t, -1, s.Saved)
}

func TestHintsComeOneAtATime(t *testing.T) {
	k, f := minikit.New(t), newFake()
	e, ctx := started(t, k, f, nil)
	save(t, k, 0, "fails")
	until(t, e, "the failure", says(0, "fails"))
	for n := 1; n <= 3; n++ {
		e.Reveal(ctx)
		s := until(t, e, "a hint", func(s Snapshot) bool { return len(s.Hints) == n })
		require.Equal(t, fmt.Sprintf("returns-early, tier %d", n), s.Hints[n-1])
	}
	e.Reveal(ctx)
	e.Pause(ctx)
	require.Len(t, e.Snapshot().Hints, 3)
}

func TestAPauseLeavesNothingRunning(t *testing.T) {
	k, f := minikit.New(t), newFake()
	e, ctx := started(t, k, f, nil)
	save(t, k, 0, "hangs")
	until(t, e, "the run", func(s Snapshot) bool { return len(f.list(&f.begun)) == 1 })
	e.Pause(ctx)
	require.Equal(t, []string{"// hangs"}, f.list(&f.cancelled))
	save(t, k, 0, "good")
	e.Resume(ctx)
	until(t, e, "the verdict", says(0, "good"))
}

// TestAnHourOfUse is one in as many steps as a learner makes in an hour, and more.
func TestAnHourOfUse(t *testing.T) {
	k, f := minikit.New(t), newFake()
	count := func() (goroutines, descriptors int) {
		open, err := os.ReadDir("/proc/self/fd")
		require.NoError(t, err)
		return runtime.NumGoroutine(), len(open)
	}
	goroutines, descriptors := count()
	t.Run("use", func(t *testing.T) {
		e, ctx := started(t, k, f, nil)
		random := rand.New(rand.NewPCG(1, 2))
		for n := range 1000 {
			i := random.IntN(3)
			switch random.IntN(8) {
			case 0:
				e.Choose(ctx, i)
			case 1:
				e.Again(ctx)
			case 2:
				e.Reveal(ctx)
			case 3:
				e.Pause(ctx)
				e.Resume(ctx)
			case 4:
				save(t, k, i, fmt.Sprint("hangs ", n))
			default:
				save(t, k, i, fmt.Sprint([]string{"fails ", "faults ", "good "}[random.IntN(3)], n))
			}
		}
		for i := range 3 {
			save(t, k, i, fmt.Sprint("good at the end ", i))
		}
		for i := range 3 {
			until(t, e, "the end", says(i, fmt.Sprint("good at the end ", i)))
		}
	})
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		g, d := count()
		if g <= goroutines && d <= descriptors {
			return
		}
		if time.Now().After(end) {
			all := make([]byte, 1<<16)
			t.Fatalf("goroutines %d, were %d; descriptors %d, were %d\n%s", g, goroutines, d, descriptors, all[:runtime.Stack(all, true)])
		}
	}
}

// Who solved an exercise while nobody looked sees that it passes, and not the next one.
func TestWhatPassesForTheFirstTimeAtTheStartIsShown(t *testing.T) {
	for _, never := range []bool{true, false} {
		k, f := minikit.New(t), newFake()
		f.never = never
		save(t, k, 0, "is right")
		e, _ := started(t, k, f, nil)
		s := until(t, e, "its verdict", says(0, "is right"))
		want := 1
		if never {
			want = 0
		}
		require.Equal(t, want, s.Current)
		require.Empty(t, s.Hints)
	}
}
