// Package program is what the scenarios of sigchld run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/20-sigchld"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		ask ignore|handle STATUS
		wait|late-way|window ignore|handle
		switch ignore|handle ignore|handle
		turns ignore|handle...
		ender PID`)
	switch me {
	case "child", "other", "third", "early", "bystander", "stranger", "late":
		me.Reach("held")
		if len(os.Args) > 2 {
			status, _ := strconv.Atoi(os.Args[2])
			os.Exit(status)
		}

	case "ask": // the way, and the child's exit status
		take(os.Args[2])
		child := start("child", os.Args[3])
		me.Reach("started")
		_, err := sigchld.Start("./missing")
		me.Say("missing", verdict(err))
		for range 3 {
			me.Say("answer", told(child.Ask()))
			me.Reach("asked")
		}
		open := openFiles() // with the numbers that are free, perhaps since the child's end
		me.Say("answer", told(child.Wait()))
		me.Reach("waited")
		open = append(open, openFiles()...)
		me.Say("answer", told(child.Wait()))
		me.Say("asked-again", told(child.Ask()))
		me.Say("files", "open")
		if !areOpen(open) {
			me.Say("files", "closed")
		}
		me.Reach("waited-again")

	case "wait": // the way
		take(os.Args[2])
		child := start("child", "7")
		other := start("other", "8")
		start("third", "9")
		second := make(chan bool)
		me.Reach("started")
		go func() {
			me.Say("second", told(child.Wait()))
			me.Reach("second-waited")
			close(second)
		}()
		go func() {
			me.Reach("asking")
			me.Say("answer", told(child.Ask()))
			me.Reach("asked-meanwhile")
		}()
		go func() {
			me.Reach("beside")
			me.Say("other", told(other.Wait()))
			me.Reach("other-waited")
		}()
		me.Interrupt("waiting")
		me.Say("first", told(child.Wait()))
		me.Reach("first-waited")
		<-second

	case "late-way": // taken when one child has ended and another one has not
		lateWay(me)

	case "switch": // two ways, one after the other
		early := start("early", "6")
		take(os.Args[2])
		child, across := start("child", "7"), start("other", "8")
		waited := make(chan bool)
		me.Reach("started")
		go func() {
			me.Say("waited", told(across.Wait()))
			close(waited)
			me.Reach("across-waited")
		}()
		me.Reach("waiting")
		take(os.Args[3])
		after := start("third", "9")
		me.Reach("switched")
		me.Say("before", told(child.Ask()))
		<-waited
		me.Say("early", told(early.Ask()))
		me.Say("across", told(across.Ask()))
		me.Say("after", told(after.Ask()))
		me.Reach("asked")

	case "turns": // the ways, one after the other, before the child is there
		for _, way := range os.Args[2:] {
			take(way)
		}
		child := start("child", "7")
		me.Reach("started")
		me.Say("answer", told(child.Wait()))
		me.Reach("waited")

	case "at-once":
		atOnce(me)

	case "fifty":
		fifty(me)

	case "ender":
		endAll(me)

	case "beside-others":
		besideOthers(me)

	case "inherit":
		inherit(me)

	case "keeper":
		keep(me)

	case "window": // the way
		take(os.Args[2])
		child := start("child", "7")
		me.Reach("started")
		runtime.GOMAXPROCS(4) // the one that starts keeps its own from the others, however few CPUs there are
		go me.Reach("beside")
		me.Reach("starting")
		_, err := sigchld.Start(slow)
		must(err)
		me.Reach("started-again")
		me.Say("answer", told(child.Ask()))
		me.Reach("asked")

	case "turn-in-window": // handles in the middle of a start that has begun while it ignored
		sigchld.Ignore()
		child := start("child", "7")
		me.Reach("started")
		runtime.GOMAXPROCS(4)
		handles := make(chan bool)
		go func() {
			me.Reach("turning")
			sigchld.Handle()
			close(handles)
		}()
		me.Reach("starting")
		_, err := sigchld.Start(slow)
		must(err)
		<-handles
		me.Reach("turned")
		me.Say("answer", told(child.Wait()))
		me.Reach("waited")

	default:
		fmt.Fprintf(os.Stderr, "sigchld: no role %q\n", me)
		os.Exit(125)
	}
}

// openFiles opens a file a few times, as other code does.
func openFiles() (all []int) {
	for range 8 {
		fd, err := unix.Open("other.txt", unix.O_CREAT|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
		must(err)
		all = append(all, fd)
	}
	return all
}

// areOpen tells whether all of them are still that file.
func areOpen(all []int) bool {
	var file, other unix.Stat_t
	must(unix.Stat("other.txt", &file))
	for _, fd := range all {
		if err := unix.Fstat(fd, &other); err != nil || other.Ino != file.Ino || other.Dev != file.Dev {
			return false
		}
	}
	return true
}

// take takes one of the two ways.
func take(way string) {
	switch way {
	case "ignore":
		sigchld.Ignore()
	case "handle":
		sigchld.Handle()
	}
}

// start starts this program in another role.
func start(args ...string) *sigchld.Child {
	child, err := sigchld.Start(executable(), args...)
	must(err)
	return child
}

// bystander starts a child in that role without the learner's package, whose end is waited for here.
func bystander(role string) *exec.Cmd {
	cmd := exec.Command(executable(), role, "3")
	cmd.Stderr = os.Stderr
	must(cmd.Start())
	return cmd
}

// lateWay has two children and a bystander before it takes a way. One thread has started them all: who looks for any child finds the
// eldest first.
func lateWay(me syncpoint.Role) {
	runtime.LockOSThread()
	ended, alive := start("child", "7"), start("other", "8")
	stranger := bystander("bystander")
	me.Reach("started")
	take(os.Args[2])
	me.Reach("taken")
	me.Say("ended", told(ended.Ask()))
	me.Say("alive", told(alive.Ask()))
	me.Reach("asked")
	start("third", "9")
	me.Reach("started-again")
	me.Say("alive", told(alive.Wait()))
	me.Say("stranger", ending(stranger))
	me.Reach("waited")
}

// besideOthers has children of its own beside one of the learner's, all of them of one thread, as in lateWay.
func besideOthers(me syncpoint.Role) {
	runtime.LockOSThread()
	sigchld.Handle()
	first, second := bystander("bystander"), bystander("stranger")
	child := start("child", "7")
	me.Reach("started")
	waited := make(chan bool)
	go func() {
		me.Say("second", ending(second))
		me.Reach("second-waited")
		close(waited)
	}()
	me.Reach("waiting")
	me.Say("first", ending(first))
	me.Say("answer", told(child.Ask()))
	me.Reach("waited")
	<-waited
}

// ending waits as other code does, and tells what came of it.
func ending(cmd *exec.Cmd) string {
	err := cmd.Wait()
	if _, ok := err.(*exec.ExitError); err != nil && !ok {
		return err.Error()
	}
	return fmt.Sprint("exited ", cmd.ProcessState.ExitCode())
}

// told puts an answer in words.
func told(end sigchld.End) string {
	switch {
	case !end.Ended && !end.Known && end.Status == 0:
		return "alive"
	case !end.Ended:
		return "alive, and a status"
	case !end.Known && end.Status == 0:
		return "unknown"
	case !end.Known:
		return "unknown, and a status"
	case end.Status.Exited():
		return fmt.Sprint("exited ", end.Status.ExitStatus())
	case end.Status.Signaled():
		return fmt.Sprint("killed ", int(end.Status.Signal()))
	}
	return fmt.Sprintf("status %#x", int(end.Status))
}

func executable() string {
	exe, err := os.Executable()
	must(err)
	return exe
}

func verdict(err error) string {
	if err == nil {
		return "nil"
	}
	return "error"
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
