package scenario

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"forklings/checker/lang"
	"forklings/checker/result"
	"forklings/checker/sandbox"
	"forklings/checker/script"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// tiers are all that this machine can give; the verdicts are the same on each.
func tiers(t *testing.T) map[string]sandbox.Options {
	all := map[string]sandbox.Options{
		"subreaper": {Tier: sandbox.Subreaper},
		"seccomp":   {Tier: sandbox.Subreaper, NoLandlock: true},
	}
	if p := sandbox.Try(); p.Refused == nil {
		all["namespaces"] = sandbox.Options{Tier: sandbox.Namespaces}
	} else {
		t.Logf("namespaces are not tried: %v", p.Refused)
	}
	return all
}

// play plays a script with the rogue program.
func play(t *testing.T, box sandbox.Options, name, text string) result.Scenario {
	return played(t, Play{Sandbox: box}, name, text)
}

// played does that as p says.
func played(t *testing.T, p Play, name, text string) result.Scenario {
	dir := t.TempDir()
	file := filepath.Join(dir, name+".txtar")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	work := filepath.Join(dir, "work")
	require.NoError(t, os.Mkdir(work, 0o755))
	exe, err := os.Executable()
	require.NoError(t, err)
	p.File, p.Binary, p.Program, p.Dir = file, exe, "rogue", work
	v := p.Run(context.Background())
	require.Empty(t, running(work), "processes are left")
	return v
}

// TestVerdicts plays every script of testdata on every tier. The line after the title says what must come out:
// "# -> pass", or a status and a mistake.
func TestVerdicts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for tier, box := range tiers(t) {
		for _, f := range files {
			name := strings.TrimSuffix(filepath.Base(f), ".txtar")
			t.Run(tier+"/"+name, func(t *testing.T) {
				t.Parallel()
				text, err := os.ReadFile(f)
				require.NoError(t, err)
				_, want, ok := strings.Cut(string(text), "# -> ")
				require.True(t, ok, "the script does not say what must come out")
				want, _, _ = strings.Cut(want, "\n")
				v := play(t, box, name, string(text))
				require.Equal(t, want, strings.TrimSpace(string(v.Status)+" "+v.Mistake), "%+v", v)
				if v.Orders > 0 {
					t.Logf("%d orders, %.1f ms each", v.Orders, v.Seconds*1000/float64(v.Orders))
				}
			})
		}
	}
}

// TestBlockedSignalsAreNotPassedOn: whoever starts the checker may have blocked signals, and perf(1) does. They are inherited
// over fork and exec: a program that such a signal should end would go on.
func TestBlockedSignalsAreNotPassedOn(t *testing.T) {
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(exe, "-test.run=^TestVerdicts$/^(subreaper|namespaces)$/^blocks-nothing$", "-test.v")
	var out []byte
	done := make(chan bool)
	go func() { // its thread ends with it, and what it has blocked is gone
		defer close(done)
		runtime.LockOSThread()
		blocked := unix.Sigset_t{Val: [16]uint64{1<<(unix.SIGUSR1-1) | 1<<(unix.SIGWINCH-1) | 1<<(unix.SIGCHLD-1)}}
		if err = unix.PthreadSigmask(unix.SIG_BLOCK, &blocked, nil); err == nil {
			out, err = cmd.CombinedOutput()
		}
	}()
	<-done
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: TestVerdicts/subreaper/blocks-nothing")
}

// TestAWrongNumberIsExplained: whose it is, as far as it is anybody's.
func TestAWrongNumberIsExplained(t *testing.T) {
	for tier, box := range tiers(t) {
		for key, want := range map[string]string{
			"thread":  `^a answers thread: "\d+", and a has PID \d+; \d+ is a thread of a; `,
			"nobody":  `^a answers nobody: "nobody", and a has PID \d+; a is held`,
			"nothing": `^a answers nothing: "0", and a has PID \d+; a is held`,
			"ended":   `^a answers ended: "\d+", and a has PID \d+; \d+ is none of the scenario's processes; `,
		} {
			v := play(t, box, key, "# x\nstart a answers\nawait a at answered else x\ncheck a says "+key+" pid:a else wrong\n")
			require.Equal(t, "wrong", v.Mistake, "%s: %+v", tier, v)
			require.Regexp(t, want, v.Actual, tier)
		}
	}
}

// TestOutputIsSomebodysOnlyWhenNobodyElseCanHaveWrittenIt: children have the same output, as a rule.
func TestOutputIsSomebodysOnlyWhenNobodyElseCanHaveWrittenIt(t *testing.T) {
	for tier, box := range tiers(t) {
		v := play(t, box, "alone", "# x\nstart a panics\nawait a at nowhere else x\n")
		require.Contains(t, v.Output, "a: panic: as it should\n", tier)
		v = play(t, box, "child", "# x\nstart a passes-on announces-panic\nstart b panics\nawait b ended else x\nawait a at nowhere else x\n")
		require.Contains(t, v.Output, "a or a descendant:\n  panic: as it should\n", tier)
		require.Contains(t, v.Output, "b: panic: as it should\n", tier)
	}
}

// TestEveryWordIsUsed: what nothing uses is not known to work.
func TestEveryWordIsUsed(t *testing.T) {
	used := map[string]bool{}
	own, _ := filepath.Glob("testdata/*.txtar")
	exercises, _ := filepath.Glob("../../exercises/*/testdata/*.txtar")
	for _, f := range append(own, exercises...) {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		s, err := script.Parse(string(text))
		require.NoError(t, err, f)
		for _, c := range s.Commands {
			used[c.Verb] = true
			for _, fact := range c.Line.Facts {
				used[fact.Verb] = true
			}
			for _, e := range c.Line.Elses {
				if e.If != nil {
					used[e.If.Verb] = true
				}
			}
		}
	}
	for verb := range script.Verbs {
		require.True(t, used[verb], "no script uses the verb %s", verb)
		require.Contains(t, verbs, verb)
	}
	for fact := range script.Facts {
		require.True(t, used[fact], "no script uses the fact %s", fact)
	}
}

func TestAnErrorIsTheKitsAndNeverAMistake(t *testing.T) {
	box, err := sandbox.Best()
	require.NoError(t, err)
	for name, text := range map[string]string{
		"nothing-to-release": "# x\nstart a sleeper\nrelease a\nawait a gone else x\n",
		"started-twice":      "# x\nstart a sleeper\nstart a sleeper\nawait a gone else x\n",
		"bad-line":           "# x\nawait a gone\n",
		"nobody-to-signal":   "# x\nsignal b SIGKILL\nawait b gone else x\n",
	} {
		v := play(t, box, name, text)
		require.Equal(t, result.Error, v.Status, "%+v", v)
		require.Empty(t, v.Mistake)
		require.NotEmpty(t, v.Because)
	}
}

func TestADefectOfTheKitIsAnError(t *testing.T) {
	v := func() (v result.Scenario) {
		defer contain(&v, lang.English)
		v.Status, v.Mistake = result.Fail, "loses"
		panic("nobody there")
	}()
	require.Equal(t, result.Error, v.Status)
	require.Empty(t, v.Mistake)
	require.Contains(t, v.Because, "a defect of the kit, please report it: nobody there")
	require.Contains(t, v.Because, "scenario_test.go")
}

func TestACancelledScenarioIsAnErrorAndLeavesNothing(t *testing.T) {
	box, err := sandbox.Best()
	require.NoError(t, err)
	dir := t.TempDir()
	file, work := filepath.Join(dir, "x.txtar"), filepath.Join(dir, "work")
	require.NoError(t, os.WriteFile(file, []byte("# x\nstart a spins\nawait a at begun else x\nrelease a\nbusy a\nawait a gone else x\n"), 0o644))
	require.NoError(t, os.Mkdir(work, 0o755))
	exe, _ := os.Executable()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan result.Scenario)
	go func() { done <- Play{File: file, Binary: exe, Program: "rogue", Dir: work, Sandbox: box}.Run(ctx) }()
	for len(running(work)) == 0 { // until the program runs
		select {
		case v := <-done:
			t.Fatalf("ended by itself: %+v", v)
		default:
		}
	}
	cancel()
	v := <-done
	require.Equal(t, result.Error, v.Status)
	require.Equal(t, "interrupted", v.Because)
	require.Empty(t, running(work))
}

func TestOutputIsCutAndCannotMoveTheCursor(t *testing.T) {
	require.Equal(t, `a\x1b[31mb\xff	c`, printable("a\x1b[31mb\xff\tc"))
	require.Equal(t, "aaa… (2 more)", cut(lang.English, "aaaaa", 3))
}

// Who is stuck, and whom it waits for.
func TestADeadlockSaysWhoWaitsForWhat(t *testing.T) {
	for name, c := range map[string]struct{ text, because string }{
		"child": {"# x\nstart parent waiter\nawait held at here else x\nawait parent at started else x\nrelease parent\n" +
			"await parent at waited else hangs\n", "nothing moves any more, and it has not come to that: parent waits for held"},
		"pipe": {"# x\nstart parent full-pipe\nawait parent ended else hangs\n", "parent writes to a full pipe that only parent could read from"},
		"locks": {"# x\nstart a locks one two\nawait a at has-one else x\nstart b locks two one\nawait b at has-one else x\nrelease a\nrelease b\n" +
			"await a at has-both else hangs\n", "a waits for a lock that b holds; b waits for a lock that a holds"},
	} {
		for tier, box := range tiers(t) {
			t.Run(name+"/"+tier, func(t *testing.T) {
				t.Parallel()
				v := play(t, box, name, c.text)
				require.Contains(t, v.Because, c.because, "%+v", v)
			})
		}
	}
}

// The Go runtime's collector and its scavenger must not be taken for a program that looks again and again.
func TestMemoryThatIsGivenBackIsNoPolling(t *testing.T) {
	box := tiers(t)["subreaper"]
	v := play(t, box, "litters", "# x\nstart a litters\nawait a at littered else x\nrelease a\nawait a asleep else polls\ncheck a alive else x\n")
	require.Equal(t, result.Pass, v.Status, "%+v", v)
	require.Zero(t, v.Effort.Naps)
}
