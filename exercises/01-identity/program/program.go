// Package program is what the scenarios of identity run: kit code around the learner's functions.
package program

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/01-identity"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument. A second argument is a name that parent and child take, or a number
// of ancestors.
func Main() {
	onFirstThread() // aside uses another one
	me := arrange.Role(`
		ancestors N
		grandparent|parent|child [NAME]
		watcher PID PPID`)
	switch me {
	case "run":
		me.Reach("asking")
		ask(me)
		me.Reach("asked")

	case "ancestors": // as many as asked for, each started by the one before, and below them a grandparent
		adoptOrphans()
		me.Say("line", visible())
		if n := number(os.Args[2]); n > 1 {
			start("ancestors", strconv.Itoa(n-1)).Wait() // how that ended says nothing about this process
		} else {
			start("grandparent").Wait()
		}
		me.Reach("waited")

	case "grandparent":
		adoptOrphans()
		me.Say("line", visible())
		parent := start("parent", os.Args[2:]...)
		me.Reach("started")
		must(parent.Wait())
		me.Reach("waited")

	case "parent":
		takeName()
		ask(me)
		start("child", os.Args[2:]...)
		me.Reach("started")

	case "child":
		takeName()
		me.Reach("asking")
		ask(me)
		me.Reach("asked")
		trace(me)
		me.Reach("traced")
		ask(me)
		me.Reach("asked-again")
		trace(me)
		arrange.Traceable()
		me.Reach("traced-again")
		watched(me)
		me.Reach("traced-last")

	case "watcher":
		watch(me)

	case "outside":
		haveTopBelow(me)

	case "outside-parent":
		outsideParent()

	case "first":
		first()

	default:
		fmt.Fprintf(os.Stderr, "identity: no role %q\n", me)
		os.Exit(125)
	}
}

// onFirstThread keeps the caller on the process's first thread. Where the Go runtime has moved it to another one
// already, the program begins again: an exec ends all threads but the first (execve(2)).
func onFirstThread() {
	runtime.LockOSThread()
	if unix.Gettid() != unix.Getpid() {
		must(syscall.Exec("/proc/self/exe", os.Args, os.Environ()))
	}
}

// adoptOrphans makes this process the parent of those below it whose parent ends, so that the adopter has a name here.
func adoptOrphans() {
	must(unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
}

// start runs this program again under an argv[0] that says nothing about the file.
func start(role string, args ...string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	cmd.Args = append([]string{"some-name", role}, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	return cmd
}

// takeName renames this process (proc_pid_comm(5)); in the argument \n stands for a newline and \t for a tab.
func takeName() {
	if len(os.Args) > 2 {
		name := strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(os.Args[2])
		must(os.WriteFile("/proc/self/comm", []byte(name), 0))
	}
}

// ask tells the scenario what the learner's functions answer.
func ask(me syncpoint.Role) {
	aside(func() {
		pid := identity.PID()
		me.Say("pid", pid)
		if pid != os.Getpid() && exists(fmt.Sprintf("/proc/self/task/%d", pid)) {
			me.Say("pid-is-tid", true)
		}
		me.Say("ppid", identity.ParentPID())
		program, err := identity.Program()
		must(named("Program", err))
		me.Say("program", program)
	})
}

// aside runs f on another thread than the process's first, which Main keeps: there the thread's number is not the PID.
func aside(f func()) {
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		f()
		close(done)
	}()
	<-done
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// trace tells the scenario what Ancestors answers. The chain above the scenario is somebody else's and can
// change while it is read: then everything is read once more.
func trace(me syncpoint.Role) {
	for {
		before := chain()
		line, err := identity.Ancestors()
		if slices.Equal(before, chain()) {
			must(named("Ancestors", err))
			me.Say("first", at(line, 0))
			me.Say("second", at(line, 1))
			me.Say("third", at(line, 2))
			me.Say("last", at(line, len(line)-1))
			me.Say("ancestors", compare(line, before))
			return
		}
	}
}

// watched tells the scenario what Ancestors answers while somebody watches, and lets the grandparent end meanwhile.
func watched(me syncpoint.Role) {
	line, err := identity.Ancestors()
	os.ReadFile(fmt.Sprintf("/proc/%d/stat", os.Getppid())) // for the watcher, when another process has looked for the learner
	must(named("Ancestors", err))
	me.Say("second", at(line, 1))
	me.Say("third", at(line, 2))
	me.Say("fourth", at(line, 3))
}

func at(line []int, i int) string {
	if i < 0 || i >= len(line) {
		return "nobody"
	}
	return strconv.Itoa(line[i])
}

func compare(line, truth []int) string {
	n := min(len(line), len(truth))
	switch {
	case !slices.Equal(line[:n], truth[:n]):
		return "differs"
	case len(line) < len(truth):
		return "cut off"
	case len(line) > len(truth):
		return "too long"
	}
	return "whole"
}

// chain reads the truth from another file than a learner will: the PPid of /proc/PID/status.
func chain() (pids []int) {
	for pid := os.Getpid(); pid != 0; {
		pids = append(pids, pid)
		var ok bool
		if pid, ok = parentOf(pid); !ok {
			return pids // it has ended meanwhile
		}
	}
	return pids
}

func parentOf(pid int) (ppid int, ok bool) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, false
	}
	_, rest, _ := bytes.Cut(status, []byte("\nPPid:\t"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	ppid, err = strconv.Atoi(string(line))
	must(err)
	return ppid, true
}

// visible tells whether this process may see those above it: /proc may be mounted so that it hides other users' (hidepid in
// proc(5)).
func visible() string {
	line := chain()
	if _, ok := parentOf(line[len(line)-1]); !ok {
		return "hidden"
	}
	return "visible"
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	must(err)
	return n
}

// named says which of the learner's functions has returned the error.
func named(function string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", function, err)
	}
	return nil
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
