// Package program is what the scenarios of wait run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/19-wait"

	"golang.org/x/sys/unix"
)

// many are more than anybody has room for by chance.
const many = 70

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "one", "two", "three", "zero", "seven", "highest", "shot", "asked", "runner", "paused", "later":
		me.Reach("held")
		status := 0
		if len(os.Args) > 2 {
			status, _ = strconv.Atoi(os.Args[2])
		}
		os.Exit(status)

	case "waiter": // the other arguments are the children, with the statuses that they exit with
		startAll()
		me.Reach("started")
		arrange.Interruptible()
		for _, point := range []string{"interrupting", "interrupting-again", "interrupting-more", "interrupting-still"} {
			me.Interrupt(point)
		}
		waitForAny(me)
		me.Reach("first")
		waitForAny(me)
		me.Reach("second")
		waitForAny(me)
		me.Reach("third")
		waitForAny(me)
		me.Reach("fourth")

	case "in-turn": // Any, Collect and Any, and Any again with a child that is started when all others were given
		startAll()
		me.Reach("started")
		first, ok, err := wait.Any()
		must(err)
		me.Say("waited", who(first, ok))
		me.Reach("first")
		given := collect(me)
		if ok {
			given = append(given, first)
		}
		me.Say("given", text(names(given)))
		me.Reach("collected")
		waitForAny(me)
		me.Reach("second")
		start("later", "7")
		waitForAny(me)
		me.Reach("third")

	case "waiter-for-all":
		startAll()
		me.Reach("started")
		waitForAll(me)

	case "waiter-for-scattered":
		startScattered("one", "two")
		me.Reach("started")
		waitForAll(me)

	case "waiter-with-newcomer":
		startAll()
		me.Reach("started")
		over := make(chan bool)
		go func() {
			waitForAny(me)
			me.Reach("first")
			close(over)
		}()
		me.Reach("waiting")
		start("two", "7")
		<-over

	case "two-waiters":
		startAll()
		me.Reach("started")
		waitTwice(me)

	case "collector":
		startAll()
		me.Reach("started")
		collect(me)
		me.Reach("collected")
		collect(me)
		me.Reach("collected-again")
		collect(me)
		me.Reach("collected-later")
		collect(me)
		me.Reach("collected-last")

	case "collector-of-scattered":
		startScattered("one", "two")
		me.Reach("started")
		collect(me)
		me.Reach("collected")

	case "collector-of-many":
		for range many {
			startShell("exit 3")
		}
		me.Reach("started")
		collect(me)
		me.Reach("collected")

	case "collector-beside-waiter":
		startAll()
		me.Reach("started")
		over := make(chan bool)
		go func() {
			waitForAny(me)
			me.Reach("first")
			close(over)
		}()
		me.Reach("waiting")
		collect(me)
		me.Reach("collected")
		<-over

	default:
		fmt.Fprintf(os.Stderr, "wait: no role %q\n", me)
		os.Exit(125)
	}
}

// waitForAny says whom Any has given.
func waitForAny(me syncpoint.Role) (ok bool) {
	child, ok, err := wait.Any()
	must(err)
	me.Say("waited", who(child, ok))
	return ok
}

func who(child wait.Child, ok bool) string {
	if !ok {
		return "nobody"
	}
	return name(child)
}

// waitForAll waits for any child until there is none, or there have been too many.
func waitForAll(me syncpoint.Role) {
	var all []string
	for range 10 {
		child, ok, err := wait.Any()
		must(err)
		if !ok {
			break
		}
		all = append(all, name(child))
	}
	me.Say("all", text(all))
	me.Reach("waited-for-all")
}

// waitTwice has two goroutines in Any at once. Which of them comes back first is open.
func waitTwice(me syncpoint.Role) {
	back := make(chan string)
	for range 2 {
		go func() {
			child, ok, err := wait.Any()
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				back <- "an error"
				return
			}
			back <- who(child, ok)
		}()
	}
	first := <-back
	me.Say("first", first)
	me.Reach("first")
	second := <-back
	me.Say("second", second)
	me.Say("both", text([]string{first, second}))
	me.Reach("second")
}

// collect says whom Collect has given.
func collect(me syncpoint.Role) []wait.Child {
	children, err := wait.Collect()
	must(err)
	var living []string
	pids := map[int]bool{}
	for _, c := range children {
		pids[c.PID] = true
		if isAlive(c.PID) {
			living = append(living, name(c))
		}
	}
	me.Say("living", text(living))
	me.Say("collected", text(names(children)))
	me.Say("number", len(pids))
	me.Say("stop", report())
	return children
}

// report asks whether the kernel has a child's stop still to report, and leaves it there.
func report() string {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_ALL, 0, &info, unix.WSTOPPED|unix.WNOWAIT|unix.WNOHANG, nil)
	if err != nil || info.Signo == 0 {
		return "not to be had"
	}
	return "still to be had"
}

// isAlive asks whether this is a child that has not ended.
func isAlive(pid int) bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOWAIT|unix.WNOHANG, nil)
	return pid > 0 && err == nil && info.Signo == 0
}

// known are the children of this process: names by PID.
var known sync.Map

// name is a child in the scenario's words: its name and its code.
func name(c wait.Child) string {
	role, ok := known.Load(c.PID)
	switch {
	case c.PID == 0:
		role = "PID-0"
	case !ok:
		role = "stranger"
	}
	return fmt.Sprintf("%s=%d", role, c.Code)
}

func names(children []wait.Child) (all []string) {
	for _, c := range children {
		all = append(all, name(c))
	}
	return all
}

// text is a list in the order of the alphabet.
func text(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
