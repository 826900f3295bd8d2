// Package program is what the scenarios of join-timeout run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"forklings/checker/syncpoint"
	"forklings/exercises/08-join-timeout"

	"golang.org/x/sys/unix"
)

const (
	long  = 24 * time.Hour        // never passes
	short = 10 * time.Millisecond // passes while the child is held
	tiny  = time.Microsecond
	many  = 12 // children of ask-many
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "child":
		me.Reach("held")
		os.Exit(7)

	case "quick":
		me.Reach("leaving")
		os.Exit(7)

	case "join-long":
		child := start(me)
		tell(me, child, long)
		me.Reach("answered")

	case "join-short":
		child := start(me)
		tell(me, child, short)
		me.Reach("answered")
		must(child.Join())
		me.Say("code", child.ExitCode())
		me.Reach("joined")

	case "join-twice":
		child := start(me)
		tell(me, child, long)
		me.Reach("answered")
		tell(me, child, long)
		me.Reach("answered-again")
		must(child.Join())
		me.Say("code", child.ExitCode())
		me.Reach("joined")

	case "ask":
		child := start(me)
		tell(me, child, 0)
		me.Reach("asked-zero")
		tell(me, child, -time.Second)
		me.Reach("asked-below-zero")
		for range 20 { // every question gets the same answer
			if !tell(me, child, 0) {
				break
			}
		}
		me.Reach("asked-again")

	case "ask-many":
		askMany(me)

	case "join-beside":
		joinBeside(me)

	case "join-often":
		joinOften(me)

	case "join-before-start":
		child := jointimeout.New("child")
		me.Reach("described")
		if _, err := child.JoinTimeout(long); err == nil {
			me.Reach("accepted")
		}
		me.Reach("refused")
		if err := child.Join(); err == nil {
			me.Reach("join-accepted")
		}
		me.Reach("join-refused")

	default:
		fmt.Fprintf(os.Stderr, "join-timeout: no role %q\n", me)
		os.Exit(125)
	}
}

func start(me syncpoint.Role) *jointimeout.Process {
	child := jointimeout.New("child")
	must(child.Start())
	me.Reach("started")
	return child
}

// tell joins with the limit, and says what came of it.
func tell(me syncpoint.Role, child *jointimeout.Process, limit time.Duration) (ended bool) {
	ended, err := child.JoinTimeout(limit)
	must(err)
	me.Say("ended", ended)
	me.Say("code", child.ExitCode())
	return ended
}

// askMany asks each of many children, all of which have ended by then; only those count that say so every time.
func askMany(me syncpoint.Role) {
	var children [many]*jointimeout.Process
	for i := range children {
		children[i] = jointimeout.New("quick")
		must(children[i].Start())
	}
	me.Reach("started")
	n := 0
	for _, child := range children {
		always := true
		for range 3 {
			ended, err := child.JoinTimeout(0)
			must(err)
			always = always && ended
		}
		if always {
			n++
		}
	}
	me.Say("ended", n)
	me.Reach("asked")
}

// joinBeside has one goroutine wait without a limit, and joins the same child beside it.
func joinBeside(me syncpoint.Role) {
	child := start(me)
	done := make(chan bool)
	go func() {
		must(child.Join())
		me.Reach("first-joined")
		close(done)
	}()
	me.Reach("beside") // held here until the other one sleeps
	tell(me, child, short)
	me.Reach("answered")
	tell(me, child, long)
	me.Reach("second-joined")
	<-done
}

// joinOften compares what this process has after ten limits that passed and after twenty.
func joinOften(me syncpoint.Role) {
	child := start(me)
	ten := func() {
		for range 10 {
			if ended, err := child.JoinTimeout(tiny); ended || err != nil {
				must(fmt.Errorf("JoinTimeout says %v, %v, and the child is held", ended, err))
			}
		}
	}
	ten()
	me.Reach("ten") // held here until whoever is about to end has ended
	goroutines, threads, files := runtime.NumGoroutine(), waiting(), entries("/proc/self/fd")
	ten()
	me.Reach("twenty")
	me.Say("goroutines", more(runtime.NumGoroutine()-goroutines))
	me.Say("threads", more(waiting()-threads))
	me.Say("files", more(entries("/proc/self/fd")-files))
	me.Reach("counted")
	must(child.Join())
	me.Say("code", child.ExitCode())
	me.Reach("joined")
}

// more says how many there are more after ten calls. The Go runtime may have opened or begun something for itself
// meanwhile, so some are none.
func more(n int) string {
	if n <= 5 {
		return "none"
	}
	return fmt.Sprintf("%d more", n)
}

// waiting counts the threads that sleep in the kernel. The Go runtime keeps any number of idle ones, which sleep
// in a futex, and its own housekeeping: they do not count.
func waiting() (n int) {
	tasks, err := filepath.Glob("/proc/self/task/*/syscall")
	must(err)
	for _, task := range tasks {
		b, _ := os.ReadFile(task)
		call, _, _ := strings.Cut(string(b), " ")
		switch number, err := strconv.Atoi(call); {
		case err != nil: // running, or has ended
		case number == unix.SYS_FUTEX, number == unix.SYS_NANOSLEEP, number == unix.SYS_EPOLL_PWAIT:
		default:
			n++
		}
	}
	return n
}

func entries(dir string) int {
	list, err := os.ReadDir(dir)
	must(err)
	return len(list)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
