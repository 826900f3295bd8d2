//go:build linux

package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"forklings/checker/grade/minikit"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// The scripts' own words.

func goEnv(t *testing.T) map[string]string {
	out, err := exec.Command("go", "env", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	if err := json.Unmarshal(out, &env); err != nil {
		t.Fatal(err)
	}
	return env
}

// condition [mount]: mounting is possible. What needs it is not proven without.
func condition(name string) (bool, error) {
	if name != "mount" {
		return false, fmt.Errorf("no condition %s", name)
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return false, err
	}
	defer os.Remove(dir)
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, ""); err != nil {
		return false, nil
	}
	return true, unix.Unmount(dir, 0)
}

// status N COMMAND... runs a command that must exit with N.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND [ARG...]")
	}
	expect(ts, args[0], ts.Exec(args[1], args[2:]...))
}

func expect(ts *testscript.TestScript, want string, err error) {
	have := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() < 0:
		ts.Fatalf("ended by %v", exit)
	case errors.As(err, &exit):
		have = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(have) != want {
		ts.Fatalf("exit status %d, not %s", have, want)
	}
}

// command prepares one with the script's environment and folder.
func command(ts *testscript.TestScript, args []string) *exec.Cmd {
	path, err := exec.LookPath(args[0])
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Args[0] = args[0]
	cmd.Dir = ts.MkAbs(".")
	for _, name := range append([]string{"PATH", "HOME", "TMPDIR", "KIT", "WORK", "XDG_CACHE_HOME", "NO_COLOR", "TERM"}, passed...) {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	return cmd
}

// interrupted SIGNAL STATUS COMMAND... sends the signal as soon as the FIFO $WORK/begun has been written to, or a program has made a file of that
// name in its scenario's folder.
// The status is the exit status, or the name of the signal that ended the command.
func interrupted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupted SIGNAL STATUS COMMAND [ARG...]")
	}
	begun := filepath.Join(ts.Getenv("WORK"), "begun")
	ts.Check(unix.Mkfifo(begun, 0o666))
	defer os.Remove(begun)
	cmd := command(ts, args[2:])
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.WaitDelay = 10 * time.Second
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	begins, over := make(chan error, 2), make(chan bool)
	defer close(over)
	go func() {
		for tick := time.NewTicker(time.Millisecond); ; <-tick.C {
			// A scenario's folder may be a file system of its own: it is seen by way of who is in it.
			made, _ := filepath.Glob("/proc/[0-9]*/cwd/begun")
			made = slices.DeleteFunc(made, func(file string) bool {
				cwd, err := os.Readlink(filepath.Dir(file))
				return err != nil || !strings.HasPrefix(cwd, filepath.Join(ts.Getenv("TMPDIR"), "forklings-"))
			})
			select {
			case <-over:
				return
			default:
				if len(made) > 0 {
					begins <- nil
					return
				}
			}
		}
	}()
	go func() {
		f, err := os.Open(begun)
		if err == nil {
			_, err = f.Read(make([]byte, 1))
			f.Close()
		}
		begins <- err
	}()
	var err error
	select {
	case <-time.After(time.Minute): // nothing hangs on it but how soon a broken command is told
		cmd.Process.Kill()
		ts.Fatalf("it neither began nor ended\n%s", output.String())
	case err := <-begins:
		ts.Check(err)
		if f, err := os.OpenFile(begun, os.O_RDWR|unix.O_NONBLOCK, 0); err == nil { // lets the reader go
			f.Close()
		}
		ts.Check(unix.Kill(cmd.Process.Pid, unix.SignalNum("SIG"+args[0])))
		<-ended
	case err = <-ended:
		if f, err := os.OpenFile(begun, os.O_RDWR, 0); err == nil { // lets the reader go
			f.Close()
		}
		ts.Fatalf("it ended by itself: %v\n%s", err, output.String())
	}
	fmt.Fprint(ts.Stdout(), output.String())
	have := strconv.Itoa(cmd.ProcessState.ExitCode())
	if w := cmd.ProcessState.Sys().(interface{ Signaled() bool }); w.Signaled() {
		have = args[0]
	}
	if have != args[1] {
		ts.Fatalf("exit status %s, not %s\n%s", have, args[1], output.String())
	}
}

// terminal COLUMNS STATUS COMMAND... runs a command on a terminal of that width, input and all; what it shows
// is its standard output.
func terminal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: terminal COLUMNS STATUS COMMAND [ARG...]")
	}
	columns, err := strconv.Atoi(args[0])
	ts.Check(err)
	ours, theirs, err := openTerminal(uint16(columns))
	ts.Check(err)
	defer ours.Close()
	cmd := command(ts, args[2:])
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true, Setctty: true}
	err = cmd.Start()
	theirs.Close()
	ts.Check(err)
	var shown strings.Builder
	for buf := make([]byte, 4096); ; {
		n, err := ours.Read(buf)
		shown.Write(buf[:n])
		if err != nil { // EIO: nobody holds the other end any more
			break
		}
	}
	err = cmd.Wait()
	fmt.Fprint(ts.Stdout(), strings.ReplaceAll(shown.String(), "\r\n", "\n"))
	expect(ts, args[1], err)
}

func openTerminal(columns uint16) (ours, theirs *os.File, err error) {
	if ours, err = os.OpenFile("/dev/ptmx", os.O_RDWR, 0); err != nil {
		return nil, nil, err
	}
	fd := int(ours.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	err = errors.Join(err, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0),
		unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}))
	if err == nil {
		theirs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	return ours, theirs, err
}

// left now|soon fails when a process is left that works below $WORK, or a temporary folder; after soon, it
// may take a moment. "left folder" wants a temporary folder to be there.
func left(ts *testscript.TestScript, neg bool, args []string) {
	work := ts.Getenv("WORK")
	what := func() (found []string) {
		found = processesBelow(work)
		folders, _ := filepath.Glob(filepath.Join(ts.Getenv("TMPDIR"), "*forklings-*"))
		return append(found, folders...)
	}
	switch strings.Join(args, " ") {
	case "now":
		if found := what(); len(found) > 0 {
			ts.Fatalf("left: %s", strings.Join(found, "\n"))
		}
	case "processes soon":
		for end := time.Now().Add(10 * time.Second); len(processesBelow(work)) > 0; {
			if time.Now().After(end) {
				ts.Fatalf("left: %s", strings.Join(processesBelow(work), "\n"))
			}
			time.Sleep(5 * time.Millisecond) // between two looks at a fact
		}
	case "folder":
		if len(what()) == 0 {
			ts.Fatalf("no temporary folder was left: the command was not in the middle of its work")
		}
	default:
		ts.Fatalf("usage: left now | left processes soon | left folder")
	}
}

// processesBelow are those that run a program from below the folder, or are in it.
func processesBelow(dir string) (found []string) {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range all {
		for _, link := range []string{"exe", "cwd"} {
			if to, err := os.Readlink(filepath.Join(p, link)); err == nil && strings.HasPrefix(to, dir+"/") {
				line, _ := os.ReadFile(filepath.Join(p, "cmdline"))
				found = append(found, fmt.Sprintf("%s %s %s: %s", filepath.Base(p), link, to, strings.ReplaceAll(string(line), "\x00", " ")))
				break
			}
		}
	}
	return found
}

// kit makes a kit in $WORK/kit.
func newKit(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(minikit.Write(filepath.Join(ts.Getenv("WORK"), "kit")))
}

// mount tmpfs DIR OPTIONS, or mount readonly DIR: until the end of the script.
func mount(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: mount tmpfs DIR OPTIONS | mount readonly DIR")
	}
	dir := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(dir, 0o777))
	switch args[0] {
	case "tmpfs":
		flags := uintptr(0)
		options, noexec := strings.CutPrefix(args[2], "noexec,")
		if noexec {
			flags = unix.MS_NOEXEC
		}
		ts.Check(unix.Mount("tmpfs", dir, "tmpfs", flags, options))
	case "readonly":
		ts.Check(unix.Mount(dir, dir, "", unix.MS_BIND, ""))
		ts.Check(unix.Mount(dir, dir, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	}
}

func unmountBelow(dir string) {
	mounts, _ := os.ReadFile("/proc/self/mounts")
	for line := range strings.Lines(string(mounts)) {
		if f := strings.Fields(line); len(f) > 1 && strings.HasPrefix(f[1], dir+"/") {
			unix.Unmount(f[1], unix.MNT_DETACH)
		}
	}
}
