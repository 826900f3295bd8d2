// Package program is what the scenarios of zombie run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/18-zombie"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "child", "zero", "seven", "highest", "shot", "asked", "runner", "paused", "resumed", "first", "second", "grandchild", "early", "late":
		me.Say("arguments", fmt.Sprintf("%q", os.Args[2:]))
		closePipes()
		me.Reach("held")
		exit()

	case "blanks", "brackets", "lines", "label", "parented":
		must(os.WriteFile("/proc/self/comm", []byte(names[string(me)]), 0))
		me.Reach("held")

	case "middle": // its child is the grandchild of who has started it
		closePipes()
		start("grandchild")
		me.Reach("held")
		exit()

	case "headless": // its main thread ends, and it goes on
		onFirstThread()
		go func() {
			me.Reach("held")
			os.Exit(0)
		}()
		me.Reach("leaving")
		unix.Syscall(unix.SYS_EXIT, 0, 0, 0)

	case "owner":
		own(me)
		me.Reach("held")
		exit()

	case "maker", "maker-in-peace": // the other arguments are Make's
		me.Reach("ready")
		if me == "maker" {
			arrange.Interruptible()
			me.Interrupt("interrupting")
			me.Interrupt("interrupting-again")
		}
		makeOne(me, os.Args[2:]...)
		takeCensus(me)

	case "maker-among-others":
		start("zero")
		start("runner")
		me.Reach("ready")
		makeOne(me, "child", "7")
		takeCensus(me)

	case "maker-beside": // lists and clears while Make sleeps
		start("zero")
		me.Reach("ready")
		over := make(chan bool)
		go func() {
			makeOne(me, "child", "7")
			close(over)
		}()
		me.Reach("making")
		takeCensus(me)
		<-over

	case "maker-of-three": // the third child gets no arguments
		args := append(make([]string, 0, 4), "child", "0") // there is room behind them
		makeOne(me, args...)
		takeCensus(me)
		makeOne(me, args...)
		takeCensus(me)
		makeOne(me)
		takeCensus(me)

	case "makers": // two at once
		over := make(chan bool)
		go func() {
			makeOne(me, "first", "1")
			close(over)
		}()
		me.Reach("making")
		pid, err := zombie.Make("second", "2")
		must(err)
		me.Say("made-second", pid)
		me.Reach("made-second")
		<-over

	case "maker-of-headless":
		start("zero")
		me.Reach("ready")
		makeOne(me, "headless")
		takeCensus(me)

	case "refused":
		refused(me)

	case "failing-maker":
		_, err := zombie.Make("child", "an argument with a NUL byte: \x00")
		me.Say("make", verdict(err))
		me.Reach("made")
		takeCensus(me)

	case "parent", "watched": // the other arguments are the roles of its children, with the statuses that they exit with
		if me == "watched" {
			arrange.Traceable()
		}
		for _, child := range os.Args[2:] {
			switch role, status, _ := strings.Cut(child, "="); role {
			case "shell":
				startShell(role)
			case "signal":
				startKilled(status)
			default:
				start(role, status)
			}
		}
		me.Reach("started")
		takeCensus(me)
		takeCensus(me)

	case "watcher":
		watch(me)

	case "parent-of-named":
		runtime.LockOSThread() // all are children of the same thread
		for _, child := range os.Args[2:] {
			start(child)
		}
		parent := strconv.Itoa(os.Getpid())
		startShell(") Z " + parent + " (")
		startShell("x Z " + parent + " y")
		startShell("State:\tZ")
		startShell("\n1 (y) Z " + parent)
		me.Reach("started")
		takeCensus(me)

	case "parent-of-scattered": // one was started by another thread, one is in another process group and session
		started := make(chan bool)
		go onOtherThread(func() {
			start("first")
			close(started)
		})
		<-started
		startIn(&syscall.SysProcAttr{Setsid: true}, "second")
		me.Reach("started")
		takeCensus(me)

	case "often":
		leave(8)
		me.Reach("started")
		me.Say("list-keeps", keepsOpen(zombie.List))
		me.Reach("listed")
		me.Say("clear-keeps", keepsOpen(zombie.Clear))
		me.Reach("cleared")

	case "parent-of-many":
		leave(many)
		me.Reach("started")
		takeCensus(me)

	case "heir": // of the owner
		pid := start("owner", "7")
		me.Reach("started")
		me.Say("remains-before", remains(pid))
		me.Reach("looked")
		await(pid, unix.WEXITED)
		me.Say("remains-after", remains(pid))
		me.Reach("looked-again")
		takeCensus(me)

	case "limited":
		limited(me)

	case "":
		if len(os.Args) == 1 {
			syncpoint.Role("bare").Reach("held")
			exit()
		}
		fallthrough

	default: // a child that was given other arguments than Make was
		syncpoint.Role("stray").Reach("came-up")
		fmt.Fprintf(os.Stderr, "zombie: no role %q\n", me)
		os.Exit(125)
	}
}

// makeOne calls the learner's Make, and says what has come of it.
func makeOne(me syncpoint.Role, args ...string) {
	pid, err := zombie.Make(args...)
	must(err)
	known[pid] = "child"
	me.Say("made", pid)
	me.Say("fate", fate(pid))
	me.Reach("made")
}

// names are those that some roles give themselves: 15 bytes at most (PR_SET_NAME in prctl(2)).
var names = map[string]string{
	"blanks":   "a b c d e f g",
	"brackets": ") S 1 (",
	"lines":    "x\n1 (y) S 1\n",
	"label":    "State:\tS",
	"parented": "PPid:\t1",
}

// known are the children of this process, by their PID.
var known = map[int]string{}

// start starts this program again without the learner's package, and waits for nothing.
func start(args ...string) (pid int) {
	return startIn(nil, args...)
}

func startIn(group *syscall.SysProcAttr, args ...string) (pid int) {
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Args[0], cmd.SysProcAttr = os.Args[0], group
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	known[cmd.Process.Pid] = args[0]
	return cmd.Process.Pid
}

// startShell starts a process of one thread that gives itself a name, stops, and is no zombie.
func startShell(name string) {
	cmd := exec.Command("/bin/sh", "-c", `printf %s "$1" >/proc/$$/comm; kill -STOP $$`, "sh", name)
	must(cmd.Start())
	known[cmd.Process.Pid] = fmt.Sprintf("%q", name)
	await(cmd.Process.Pid, unix.WSTOPPED)
}

// startKilled starts a process that kills itself by this signal, and returns when it is a zombie.
func startKilled(signal string) {
	cmd := exec.Command("/bin/sh", "-c", "kill -"+signal+" $$")
	must(cmd.Start())
	known[cmd.Process.Pid] = "signal-" + signal
	await(cmd.Process.Pid, unix.WEXITED)
}

// exit ends this process with the status that its first argument names, without one with 0.
func exit() {
	status := 0
	if len(os.Args) > 2 {
		status, _ = strconv.Atoi(os.Args[2])
	}
	os.Exit(status)
}

// await waits until a child has ended, or whatever the option of waitid(2) says, and leaves it as it is.
func await(pid, option int) {
	for {
		if err := unix.Waitid(unix.P_PID, pid, nil, option|unix.WNOWAIT, nil); err != unix.EINTR {
			must(err)
			return
		}
	}
}

// fate asks the kernel how a child has ended, if it has, and leaves the zombie.
func fate(pid int) string {
	const exited, killed = 1, 2 // CLD_EXITED and CLD_KILLED, sigaction(2)
	var info unix.Siginfo
	if err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOWAIT|unix.WNOHANG, nil); err != nil || info.Signo == 0 {
		return "no zombie"
	}
	return map[int32]string{exited: "exited", killed: "killed"}[info.Code]
}

func isZombie(pid int) bool { return fate(pid) != "no zombie" }

// closePipes closes the pipes that the process has inherited beside its output: it lives on without them.
func closePipes() {
	files, err := os.ReadDir("/proc/self/fd")
	must(err)
	for _, f := range files {
		fd, _ := strconv.Atoi(f.Name())
		if to, _ := os.Readlink("/proc/self/fd/" + f.Name()); fd > 2 && strings.HasPrefix(to, "pipe:") {
			syscall.Close(fd)
		}
	}
}

// onFirstThread keeps the caller on the process's first thread. Where the Go runtime has moved it to another one
// already, the program begins again: an exec ends all threads but the first (execve(2)).
func onFirstThread() {
	runtime.LockOSThread()
	if unix.Gettid() != unix.Getpid() {
		exe, err := os.Executable()
		must(err)
		must(syscall.Exec(exe, os.Args, os.Environ()))
	}
}

// onOtherThread calls f on a thread that is not the process's first, and keeps that thread busy for ever; the first
// one too, if that was the caller's.
func onOtherThread(f func()) {
	runtime.LockOSThread()
	if unix.Gettid() == unix.Getpid() {
		go onOtherThread(f)
	} else {
		f()
	}
	select {}
}

func verdict(err error) string {
	if err == nil {
		return "no error"
	}
	return "an error"
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
