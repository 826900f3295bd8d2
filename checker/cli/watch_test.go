//go:build linux

package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"forklings/checker/grade/minikit"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// place is a clone of the small kit, and the environment of a learner in it.
type place struct {
	t         *testing.T
	root, tmp string
	env       []string
}

func newPlace(t *testing.T, more ...string) place {
	t.Helper()
	p := place{t: t, root: t.TempDir(), tmp: t.TempDir()}
	require.NoError(t, minikit.Write(p.root))
	env := goEnv(t)
	for _, name := range passed {
		p.env = append(p.env, name+"="+env[name])
	}
	home := t.TempDir()
	mode := filepath.Join(home, ".config", "go", "telemetry", "mode")
	require.NoError(t, os.MkdirAll(filepath.Dir(mode), 0o755))
	require.NoError(t, os.WriteFile(mode, []byte("off"), 0o644))
	p.env = append(p.env, "PATH="+os.Getenv("PATH"), "HOME="+home, "TMPDIR="+p.tmp, "TERM=xterm-256color", "LANG=C.UTF-8")
	p.env = append(p.env, more...)
	return p
}

func (p place) begin(columns, rows int, command ...string) *session {
	p.t.Helper()
	return begin(p.t, p.root, columns, rows, p.env, command...)
}

const greet = "exercises/01-greet/greet.go"

// save writes the learner's file, as most editors do.
func (p place) save(text string) {
	p.t.Helper()
	name := filepath.Join(p.root, greet)
	require.NoError(p.t, os.WriteFile(name+"~", []byte(text), 0o644))
	require.NoError(p.t, os.Rename(name+"~", name))
}

func (p place) copy(from string) {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.root, from))
	require.NoError(p.t, err)
	p.save(string(text))
}

const (
	shouts = "testdata/attempts/greet/wrong/shouts.go"
	joined = "testdata/attempts/greet/right/join.go"
	hangs  = "package greet\n\nimport \"fmt\"\n\nfunc Hello(name string) string {\n\tfor {\n\t\tfmt.Println(\"\\x1b[2J\\x1b[31mflood\")\n\t}\n}\n"
)

func TestWatchFromAFailureToThePass(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	s := p.begin(100, 30, "checker")
	before := s.modes()
	s.see("0 of 3 exercises", "1 greet  Greet: say hello", "todo", "Your task", "h hint", "q quit")
	require.NotEqual(t, before.Lflag, s.modes().Lflag)
	s.keys("d")
	s.see("The solution is for comparing after a pass")

	p.copy(shouts)
	s.see("✗ fail  2 of 4 scenarios  shouts", "expected", "hello Ann", "seen", "✗ by-name", "ms  greeter", "after the save")
	s.keys("h")
	s.see("hint 1 of 3  How loud is it?", "", "hint 2 of 3")
	s.keys("h")
	s.see("hint 2 of 3  Capital letters are loud.", "", "hint 3 of 3")
	s.keys("h")
	s.see("hint 3 of 3")
	s.keys("h")
	s.see("There are no more hints.")

	p.copy(joined)
	text := s.see("✓ pass  4 of 4 scenarios", "1 of 3 exercises", "d compares it with the solution. n goes on to 2 greet-all.")
	require.Contains(t, text, "1 greet  ")
	s.keys("d")
	s.see("greet and its solution", `-import "strings"`, `+        name = "you"`)
	s.keys("q")
	s.see("1 greet  Greet")
	s.keys("l")
	s.see("▸  1  greet", "✓ pass", "2  greet-all", "3 shown: all")
	s.keys("/toil")
	s.see("/toil_", "1 shown: all")
	s.keys("\r")
	s.see("3 toil  ")
	s.keys("p")
	s.see("2 greet-all  ")
	s.keys("?")
	s.see("Help", "suspend; fg comes back")
	s.keys("\x1b")
	s.see("2 greet-all  ")
	s.keys("t")
	s.see("There is nothing to trace yet")
	s.keys("pt")
	s.see("What the processes of greet do", "by-name", "answers greeting")
	s.keys("qr")
	s.see("Run greet", "grade it again", "its program by hand, as greeter")
	s.keys("\x1b[B\r")
	s.see("$ go run ./cmd/checker run -step greet greeter", "every point", "greeted")
	s.keys("\r\r\r\r")
	s.see("Enter goes back.")
	s.keys("\r")
	s.see("1 greet  Greet", "✓ pass")
	s.keys("x")
	s.see("Put the stub of greet back?")
	s.keys("y")
	s.see("todo", "0 of 3 exercises", "_backup-1")
	s.keys("q")
	require.Zero(t, s.ends())
	s.see("0 of 3 exercises pass; nothing is left running.")
	require.Equal(t, before, s.modes(), "the terminal is as it was")
	require.False(t, s.other || s.hidden || s.pasted, "the screen, too")
	require.NotContains(t, s.raw.String(), "\x1b[2Jflood")
	s.left(p.root, p.tmp)
}

// Half of the saves put a new file in the old one's place, and half write into it.
func TestOfManyQuickSavesTheLastOneIsOnTheScreen(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	texts := map[string]string{}
	for _, from := range []string{shouts, joined} {
		text, err := os.ReadFile(filepath.Join(p.root, from))
		require.NoError(t, err)
		texts[from] = string(text)
	}
	s := p.begin(100, 30, "checker")
	s.see("1 greet", "q quit")
	for last, want := range map[string][]string{joined: {"✓ pass", "", "✗ fail", "grading"}, shouts: {"✗ fail", "shouts", "", "✓ pass", "grading"}} {
		for n := range 200 {
			text := texts[[]string{shouts, joined}[n%2]] + fmt.Sprintf("\n// %s %d\n", filepath.Base(last), n)
			if n == 199 {
				text = texts[last]
			}
			if n%4 < 2 {
				p.save(text)
			} else {
				require.NoError(t, os.WriteFile(filepath.Join(p.root, greet), []byte(text), 0o644))
			}
		}
		s.see(want...)
	}
	s.keys("q")
	require.Zero(t, s.ends())
	s.left(p.root, p.tmp)
}

func TestWatchIsNotFrozenByAnAttemptThatFloods(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "NO_COLOR=1", "LANG=C")
	p.save(hangs)
	s := p.begin(80, 24, "checker", "watch", "-poll", "greet")
	s.see("1 greet  Greet", "grading...", "Files are looked at 4 times a second: you asked for it.")
	s.keys("?")
	s.see("Help", "quit; nothing is left running")
	s.size(40, 12)
	s.see("Help", "q back")
	s.keys("q")
	s.see("1 greet")
	s.size(300, 50)
	s.see("x reset", "Files are looked at")
	p.copy(joined)
	s.see("+ pass  4 of 4 scenarios")
	require.NotContains(t, s.raw.String(), "flood")
	require.NotContains(t, s.raw.String(), "\x1b[31m")
	for _, r := range s.text() {
		require.Less(t, r, rune(128), "the locale has no other characters")
	}
	p.save(hangs)
	s.see("grading...")
	s.keys("\x03")
	require.Zero(t, s.ends())
	s.see("0 of 3 exercises pass so far, not graded yet: 1; nothing")
	s.left(p.root, p.tmp)
}

func TestWatchEndsWithItsTerminal(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.save(hangs)
	s := p.begin(80, 24, "checker")
	s.see("grading…")
	s.tty.Close()
	s.ends()
	s.left(p.root, p.tmp)
}

func TestWatchIsSuspendedAndResumed(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.copy(shouts)
	s := p.begin(80, 24, "sh", "-c", `set -m; checker; echo "away with $?"; read line; fg; echo "back with $?"`)
	before := s.modes()
	s.see("✗ fail")
	s.keys("\x1a")
	s.see("away with ", "", "✗ fail")
	require.Equal(t, before.Lflag, s.modes().Lflag)
	p.copy(joined)
	s.keys("\n")
	s.see("✓ pass", "q quit")
	s.keys("q")
	s.see("back with 0")
	require.Zero(t, s.ends())
	require.Equal(t, before, s.modes())
	s.left(p.root, p.tmp)
}

func TestWideCharactersStandWhereTheyShouldInAWiderTerminal(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "LC_ALL=zh_CN.UTF-8")
	s := p.begin(100, 30, "checker")
	s.see("Greet", "q 退出")
	s.keys("d")
	want := strings.Fields(s.see("参考解答", "q 退出"))
	for width := 20; width < 30; width++ { // some wide character stands on the edge of one of them
		s.keys(" ")
		s.size(width, 30)
		s.see("forklings")
		s.size(100, 30)
		s.see("q 退出", "", "参考解答")
		s.keys("d")
		s.see(want...)
	}
	s.keys("q")
	require.Zero(t, s.ends())
}

func TestWatchEndsOnASignal(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.save(hangs)
	s := p.begin(80, 24, "checker")
	before := s.modes()
	s.see("grading…")
	require.NoError(t, s.cmd.Process.Signal(unix.SIGTERM))
	require.Equal(t, 130, s.ends())
	s.see("interrupted; nothing is left running")
	require.Equal(t, before, s.modes())
	require.False(t, s.other)
	s.left(p.root, p.tmp)
}

// A signal that comes before there is anything on the screen ends it, too.
func TestWatchEndsOnASignalAtItsStart(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.copy(joined)
	state := filepath.Join(p.root, ".forklings")
	require.NoError(t, os.Mkdir(state, 0o755))
	lock, err := os.Create(filepath.Join(state, "lock"))
	require.NoError(t, err)
	defer lock.Close()
	require.NoError(t, unix.Flock(int(lock.Fd()), unix.LOCK_EX)) // it waits for this at its start
	s := p.begin(80, 24, "checker")
	waits := func() bool {
		found, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.cmd.Process.Pid))
		return slices.ContainsFunc(found, func(fd string) bool {
			to, _ := os.Readlink(fd)
			return to == lock.Name()
		})
	}
	require.Eventually(t, waits, patience, time.Millisecond)
	require.NoError(t, s.cmd.Process.Signal(unix.SIGTERM))
	require.NoError(t, lock.Close())
	require.Equal(t, 130, s.ends())
	s.see("interrupted; nothing is left running")
	s.left(p.root, p.tmp)
}

// A terminal that nobody looks at, such as that of a connection that hangs, keeps nothing from its end.
func TestWatchEndsWhenItsTerminalTakesNothing(t *testing.T) {
	t.Run("by a signal", func(t *testing.T) {
		endsStuck(t, func(c *exec.Cmd, _ *os.File) error { return c.Process.Signal(unix.SIGTERM) })
	})
	t.Run("by q", func(t *testing.T) {
		endsStuck(t, func(_ *exec.Cmd, keyboard *os.File) error { _, err := keyboard.WriteString("q"); return err })
	})
}

// endsStuck fills the terminal of a watch, and wants its end.
func endsStuck(t *testing.T, end func(c *exec.Cmd, keyboard *os.File) error) {
	t.Parallel()
	p := newPlace(t)
	p.save(hangs)
	cmd := exec.Command("checker")
	cmd.Dir, cmd.Env = p.root, p.env
	master, slave, err := pty.Open()
	require.NoError(t, err)
	defer master.Close()
	defer slave.Close()
	require.NoError(t, pty.Setsize(master, &pty.Winsize{Cols: 300, Rows: 60}))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, cmd.Start())
	defer cmd.Process.Kill()
	full := func() bool {
		out := []unix.PollFd{{Fd: int32(slave.Fd()), Events: unix.POLLOUT}}
		n, err := unix.Poll(out, 0)
		return n == 0 && err == nil
	}
	for n, in := 0, 0; in < 20; n++ { // looks in a row
		if in++; !full() {
			in = 0
		}
		require.NoError(t, pty.Setsize(master, &pty.Winsize{Cols: uint16(200 + n%2), Rows: 60})) // has it drawn anew
		time.Sleep(5 * time.Millisecond)                                                         // between two looks at a fact
	}
	require.NoError(t, end(cmd, master))
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	require.Contains(t, []int{130, 141}, cmd.ProcessState.ExitCode()) // the last words are written where there is room for them
	(&session{t: t}).left(p.root, p.tmp)
}

func TestWatchOpensTheEditor(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	said := filepath.Join(bin, "said")
	script := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text), 0o755))
	}
	script("vim", "test -t 0 && test -t 1 && echo editing $*; read line; echo $line >>"+greet+"\n")
	script("code", "echo $* >"+said+"; test -t 0 || echo window >>"+said+"\n")
	p := newPlace(t, "EDITOR=vim -X", "PATH="+bin+":"+os.Getenv("PATH"))
	p.save("package greet\n\n\nfunc Hello(name string) int { return name }\n")
	s := p.begin(200, 24, "checker")
	s.see("does not compile", "greet.go:4:")
	s.keys("h")
	s.see("It does not compile: the lines above say why.", "", "hint 1 of 3")
	s.keys("o")
	s.see("editing -X +4 ", greet)
	s.keys("func more() {}\n")
	s.see("does not compile", "q quit")
	s.keys("q")
	require.Zero(t, s.ends())
	text, err := os.ReadFile(filepath.Join(p.root, greet))
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(text), "func more() {}\n"))

	p.env = append(p.env, "VISUAL=code")
	s = p.begin(80, 24, "checker")
	s.see("does not compile")
	s.keys("e")
	s.see("code opens " + greet)
	s.keys("q")
	require.Zero(t, s.ends())
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(said)
		return string(text) == "-g "+filepath.Join(p.root, greet)+":4\nwindow\n"
	}, patience, 5*time.Millisecond)
}

func TestWithoutATerminalThereArePlainLines(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.copy(shouts)
	cmd := exec.Command("checker", "watch")
	cmd.Dir, cmd.Env = p.root, p.env
	d := newDisplay(4000, 100) // no terminal takes a line's end for its beginning, too
	cmd.Stdout, cmd.Stderr = d, d
	require.NoError(t, cmd.Start())
	s := &session{display: d, t: t, cmd: cmd, done: make(chan error, 1), over: make(chan struct{})}
	go func() { s.done <- cmd.Wait(); close(s.over) }()
	s.see("fail      greet", "shouts")
	p.copy(joined)
	s.see("pass      greet")
	require.NotContains(t, s.raw.String(), "\x1b")
	require.NoError(t, cmd.Process.Signal(unix.SIGINT))
	require.Equal(t, 130, s.ends())
	s.left(p.root, p.tmp)
}

// A Ctrl-C while a program runs by hand is for that program: what runs the checker, as make does, is not to hear of it.
func TestACtrlCInARunByHandEndsTheRunOnly(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.copy(joined)
	s := p.begin(100, 30, "sh", "-c", `trap 'echo heard' INT; checker watch greet; echo "left with $?"`)
	s.see("✓ pass")
	s.keys("r")
	s.see("its program by hand, as greeter")
	s.keys("\x1b[B\r")
	s.see("greeter comes to greeted")
	s.keys("\x03")
	s.see("Enter goes back.")
	s.keys("\r")
	s.see("1 greet  Greet", "✓ pass", "q quit")
	s.keys("q")
	s.see("left with 0", "", "heard")
	require.Zero(t, s.ends())
	s.left(p.root, p.tmp)
}

// What is typed in the moment in which the screen is given away must not keep anybody waiting for ever.
func TestKeysTypedWhileTheScreenIsGivenAwayAreTakenOrDropped(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(bin, "vim"), []byte("#!/bin/sh\necho editing; read line\n"), 0o755))
	p := newPlace(t, "EDITOR=vim", "PATH="+bin+":"+os.Getenv("PATH"))
	s := p.begin(80, 24, "checker")
	s.see("1 greet", "q quit")
	for range 5 {
		s.keys("oq" + strings.Repeat("h", 20)) // q, too, was typed for nobody
		s.see("editing")
		s.keys("\n")
		s.see("1 greet", "q quit")
	}
	require.NoError(t, s.cmd.Process.Signal(unix.SIGQUIT)) // the Go runtime shows all goroutines
	s.ends()
	<-s.over
	require.Contains(t, s.raw.String(), "goroutine 1 ")
	require.NotContains(t, s.raw.String(), "[chan send")
}
