// Package program is what the scenarios of join run: kit code around the learner's functions.
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
	"forklings/exercises/07-join"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		child|first|second STATUS
		join-once [ROLE] [STATUS]`)
	switch me {
	case "child", "first", "second":
		me.Say("args", fmt.Sprintf("%q", os.Args[2:]))
		me.Reach("held")
		status, err := strconv.Atoi(os.Args[2])
		must(err)
		os.Exit(status)

	case "middle":
		run("grandchild")
		me.Reach("held")

	case "grandchild":
		me.Reach("held")

	case "join-once":
		child := join.New("child", "7", "a b", "")
		if len(os.Args) > 2 {
			child = join.New(os.Args[2:]...)
		}
		me.Reach("described")
		must(child.Start())
		me.Reach("started")
		me.Interrupt("interrupting")
		must(child.Join())
		me.Reach("joined")
		must(child.Join())
		me.Reach("joined-again")

	case "join-twice":
		child := join.New("child", "7")
		must(child.Start())
		must(child.Join())
		me.Reach("joined")
		for range 10 {
			must(child.Join())
		}
		me.Reach("joined-again")

	case "join-together":
		child := join.New("child", "7")
		must(child.Start())
		me.Reach("started")
		second := make(chan bool)
		go func() {
			tell(me, "second", child.Join())
			close(second)
		}()
		tell(me, "first", child.Join())
		<-second

	case "join-two":
		joinTwo(me)

	case "join-before-start":
		p := join.New("child", "7")
		me.Reach("described")
		refused(me, p)
		must(p.Start())
		me.Reach("started")
		must(p.Join())
		me.Reach("joined")

	case "start-unstartable": // an argument has at most 32 pages (execve(2))
		p := join.New("child", strings.Repeat("x", 32*os.Getpagesize()))
		if err := p.Start(); err == nil {
			me.Reach("start-accepted")
		}
		me.Reach("start-refused")
		refused(me, p)

	case "join-found":
		p := join.Find(run("child", "7"))
		me.Reach("found")
		must(p.Join())
		me.Reach("joined")
		must(p.Join())
		me.Reach("joined-again")

	case "join-stranger":
		p := join.Find(os.Getppid()) // a parent is nobody's child here
		me.Reach("found")
		refused(me, p)

	case "join-stranger-beside":
		child := join.New("child", "7")
		must(child.Start())
		me.Reach("started")
		p := join.Find(os.Getppid())
		refused(me, p)
		if err := p.Join(); err == nil {
			me.Reach("accepted-again")
		}
		me.Reach("refused-again")
		must(child.Join())
		me.Reach("joined")

	default: // a child that was given other arguments than New was
		syncpoint.Role("stray").Reach("came-up")
		fmt.Fprintf(os.Stderr, "join: no role %q\n", me)
		os.Exit(125)
	}
}

// joinTwo joins one child on the first thread, which is the one that a signal to the process interrupts, and another one in
// a goroutine beside it.
func joinTwo(me syncpoint.Role) {
	onFirstThread()
	first, second := join.New("first", "1"), join.New("second", "255")
	must(first.Start())
	must(second.Start())
	refused(me, join.New("child", "7"))
	done := make(chan bool)
	go func() {
		me.Reach("beside") // held here until the first one sleeps
		must(second.Join())
		me.Reach("second-joined")
		close(done)
	}()
	must(first.Join())
	me.Reach("first-joined")
	<-done
}

// onFirstThread keeps the caller on the process's first thread. Where the Go runtime has moved it to another one
// already, the program begins again: an exec ends all threads but the first (execve(2)).
func onFirstThread() {
	runtime.LockOSThread()
	if unix.Gettid() != unix.Getpid() {
		must(syscall.Exec("/proc/self/exe", os.Args, os.Environ()))
	}
}

// run starts this program again without the learner's package, and waits for nothing.
func run(args ...string) (pid int) {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
	return cmd.Process.Pid
}

// tell says what a Join came back with.
func tell(me syncpoint.Role, who string, err error) {
	if err == nil {
		me.Say(who, "nil")
	} else {
		fmt.Fprintln(os.Stderr, err)
		me.Say(who, "error")
	}
	me.Reach(who + "-joined")
}

func refused(me syncpoint.Role, p *join.Process) {
	if err := p.Join(); err == nil {
		me.Reach("accepted")
	}
	me.Reach("refused")
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
