// Package program is what the scenarios of exit-code run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	exitcode "forklings/exercises/10-exit-code"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		child|one|two|bystander|ask|ask-while-joining|ask-beside [exit|panic|abort] [STATUS]
		each [STATUS...]
		decode [HEX...]
		watcher PID`)
	switch me {
	case "child", "one", "two", "bystander":
		me.Reach("held")
		end(os.Args[2:])

	case "ask": // one child, which ends as the other arguments say
		child := exitcode.New(append([]string{"child"}, os.Args[2:]...)...)
		ask(me, "before-start", child)
		me.Reach("described")
		must(child.Start())
		me.Reach("started")
		ask(me, "after-start", child)
		me.Reach("asked")
		must(child.Join())
		me.Reach("joined")
		ask(me, "after-join", child)
		me.Reach("asked-again")
		must(child.Join())
		me.Reach("joined-again")

	case "join-unstarted":
		if err := exitcode.New("child").Join(); err == nil {
			me.Reach("accepted")
		}
		me.Reach("refused")

	case "start-unstartable": // an argument has at most 32 pages (execve(2))
		child := exitcode.New("child", strings.Repeat("x", 32*os.Getpagesize()))
		if err := child.Start(); err == nil {
			me.Reach("start-accepted")
		}
		me.Reach("start-refused")
		if err := child.Join(); err == nil {
			me.Reach("accepted")
		}
		me.Reach("refused")

	case "join-interrupted":
		child := exitcode.New("child", "exit", "7")
		must(child.Start())
		me.Reach("started")
		me.Interrupt("interrupting")
		must(child.Join())
		me.Reach("joined")
		ask(me, "after-join", child)
		me.Reach("asked-again")

	case "ask-while-joining":
		child := exitcode.New(append([]string{"child"}, os.Args[2:]...)...)
		must(child.Start())
		me.Reach("started")
		joined := make(chan bool)
		go func() {
			must(child.Join())
			me.Reach("joined")
			close(joined)
		}()
		arrange.Traceable()
		me.Reach("joining")
		ask(me, "while-joining", child)
		me.Reach("asked")
		<-joined
		ask(me, "after-join", child)
		me.Reach("asked-again")

	case "watcher":
		pid, err := strconv.Atoi(os.Args[2])
		must(err)
		arrange.KeepWaiting(pid, func(tracing bool) {
			me.Say("tracing", tracing)
			me.Reach("tracing")
		}, func() { me.Reach("keeping") })

	case "two-at-once": // they exit with 7 and 8
		one, two := exitcode.New("one", "exit", "7"), exitcode.New("two", "exit", "8")
		must(one.Start())
		must(two.Start())
		me.Reach("started")
		joined := make(chan bool)
		go func() {
			must(one.Join())
			me.Reach("joined-one")
			close(joined)
		}()
		me.Reach("joining")
		askBoth(me, one, two)
		me.Reach("asked")
		askBoth(me, one, two)
		me.Reach("asked-again")
		must(two.Join())
		me.Reach("joined-two")
		<-joined
		askBoth(me, one, two)
		me.Reach("asked-at-last")
		must(one.Join())
		must(two.Join())
		me.Reach("joined-again")

	case "ask-beside": // one child of the exercise's, one that the caller has started by itself, and one that nobody has started
		child := exitcode.New("child", "exit", "7")
		must(child.Start())
		bystander := exec.Command("/proc/self/exe", "bystander")
		must(bystander.Start())
		me.Reach("started")
		unstarted := exitcode.New("child")
		ask(me, "unstarted", unstarted)
		if err := unstarted.Join(); err == nil {
			me.Reach("accepted")
		}
		ask(me, "after-start", child)
		me.Reach("asked")
		must(child.Join())
		me.Reach("joined")
		ask(me, "after-join", child)
		must(bystander.Wait())
		me.Reach("asked-again")

	case "each": // a child for each of the other arguments, one after the other: it exits with that status
		for _, status := range os.Args[2:] {
			child := exitcode.New("child", "exit", status)
			must(child.Start())
			must(child.Join())
			ask(me, "exit:"+status, child)
		}
		me.Reach("asked")

	case "decode": // the other arguments are statuses as a wait hands them over, in hexadecimal
		for _, arg := range os.Args[2:] {
			status, err := strconv.ParseUint(arg, 0, 32)
			must(err)
			me.Say(arg, exitcode.Decode(syscall.WaitStatus(status)))
		}
		me.Reach("decoded")

	default:
		fmt.Fprintf(os.Stderr, "exit-code: no role %q\n", me)
		os.Exit(125)
	}
}

// end ends the child as it was told: "exit" and a status, "panic", or "abort". Without that it returns.
func end(how []string) {
	if len(how) == 0 {
		return
	}
	switch how[0] {
	case "exit":
		status, err := strconv.Atoi(how[1])
		must(err)
		os.Exit(status)
	case "abort":
		debug.SetTraceback("crash") // after its report, the Go runtime sends itself a SIGABRT that kills
	}
	panic("as the scenario wants")
}

// ask asks twice, and says the first answer, and whether the second was the same.
func ask(me syncpoint.Role, when string, child *exitcode.Process) {
	first := answer(child.ExitCode())
	me.Say(when, first)
	twice := "the same"
	if second := answer(child.ExitCode()); second != first {
		twice = fmt.Sprintf("%s, then %s", first, second)
	}
	me.Say("asked-twice", twice)
}

// askBoth asks each twice, in turns.
func askBoth(me syncpoint.Role, one, two *exitcode.Process) {
	first, second := answer(one.ExitCode()), answer(two.ExitCode())
	me.Say("one", first)
	me.Say("two", second)
	twice := "the same"
	if again := answer(one.ExitCode()); again != first {
		twice = fmt.Sprintf("one: %s, then %s", first, again)
	}
	if again := answer(two.ExitCode()); again != second {
		twice = fmt.Sprintf("two: %s, then %s", second, again)
	}
	me.Say("asked-twice", twice)
}

func answer(code int, ended bool) string {
	if !ended {
		return "none"
	}
	return strconv.Itoa(code)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
