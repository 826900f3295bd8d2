// Package program is what the scenarios of async-call run: kit code around the learner's functions.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/31-async-call"
)

// Main runs the role named by the first argument. In a parent, the second one is the role of the child.
func Main() {
	// One thread sleeps in the kernel: the Go runtime sees no deadlock where a learner's function never returns.
	signal.Notify(make(chan os.Signal), syscall.SIGUSR2)
	me := arrange.Role(`
		asking|unasked|sleeping|called-back|called-back-slowly|two worker|other|failing|closing|mute|large
		ending STATUS
		member N
		short`)
	switch me {
	case "worker", "other", "failing", "closing", "mute", "large":
		child(me)

	case "stranger":
		me.Reach("working")

	case "asking": // status alone, until the end; then nobody has waited for anything
		call := begin(me)
		for range 4 {
			me.Say("ready", call.Ready())
			me.Reach("asked")
		}
		tell(me, call)
		me.Reach("got")

	case "unasked":
		unasked(me)

	case "short":
		short(me)

	case "sleeping":
		sleep(me)

	case "called-back":
		callBack(me)

	case "called-back-slowly":
		callBackSlowly(me)

	case "ending": // at once, and by itself
		status, err := strconv.Atoi(os.Args[2])
		if err == nil {
			os.Exit(status)
		}
		must(syscall.Kill(os.Getpid(), syscall.SIGKILL))

	case "crowd":
		crowd(me)

	case "member":
		member()

	case "opener":
		openGate(me)

	case "unstartable": // 1 MB: more than execve(2) takes as an argument
		call := asynccall.Begin("worker", strings.Repeat("x", 1<<20))
		me.Reach("begun")
		for range 2 {
			me.Say("ready", call.Ready())
			me.Reach("asked")
		}
		tell(me, call)
		me.Reach("got")
		called := make(chan bool)
		call.Then(func(answer string, err error) {
			say(me, "callback", answer, err)
			me.Reach("called")
			close(called)
		})
		me.Reach("added")
		<-called

	case "two":
		two(me)

	case "many":
		many(me)

	default:
		fmt.Fprintf(os.Stderr, "async-call: no role %q\n", me)
		os.Exit(125)
	}
}

// child answers, and is held before that and in the middle of it.
func child(me syncpoint.Role) {
	if me == "worker" {
		arguments := "as given"
		if !slices.Equal(os.Args[2:], words) {
			arguments = fmt.Sprintf("%q", os.Args[2:])
		}
		me.Say("arguments", arguments)
	}
	me.Reach("working")
	answer := answerOf(me)
	os.Stdout.WriteString(answer[:len(answer)/2])
	fmt.Fprintln(os.Stderr, me, "is half done")
	if me == "large" {
		os.Stderr.WriteString(strings.Repeat("large writes more than a pipe holds\n", 4<<10))
	}
	me.Reach("half-done")
	os.Stdout.WriteString(answer[len(answer)/2:])
	switch me {
	case "closing":
		os.Stdout.Close()
		me.Reach("closed")
		os.Exit(7)
	case "failing":
		os.Exit(3)
	}
}

// words are what a worker is given behind its role: what a shell, or a cut at blanks, would change.
var words = []string{"two  words", "", "*", `"quoted"`, "line\nbreak"}

// answerOf is what a child of that role answers. Text is not all that there is: bytes may be zero, and no UTF-8.
func answerOf(role syncpoint.Role) string {
	switch role {
	case "mute":
		return ""
	case "large":
		return strings.Repeat("0123456789abcde\n", 10<<16)
	}
	return "answer of " + string(role) + "\n\n \x00\xff\r\n\t"
}

// say tells what a call has come to, and the error's text before that.
func say(me syncpoint.Role, key, answer string, err error) {
	if err != nil {
		me.Say(key+"-error", err)
	}
	me.Say(key, outcome(answer, err))
}

// outcome names what a call has come to.
func outcome(answer string, err error) string {
	if err == nil {
		for _, role := range []syncpoint.Role{"worker", "other", "large"} {
			switch whole := answerOf(role); answer {
			case whole:
				return "answer of " + string(role)
			case whole[:len(whole)/2]:
				return "half an answer"
			}
		}
		if answer == "" {
			return "empty answer"
		}
		return fmt.Sprintf("answer %.60q", answer)
	}
	text := "failure"
	for _, how := range []string{"exit status 3", "exit status 7", "exit status 130", "exit status 255", "signal: killed"} {
		if strings.Contains(err.Error(), how) {
			text += ", " + how
		}
	}
	if answer != "" {
		text += ", with an answer"
	}
	return text
}

// begin begins the call, and changes the arguments directly behind it. With one P a goroutine that Begin has left
// behind does not run before that.
func begin(me syncpoint.Role) *asynccall.Call {
	args := slices.Clone(os.Args[2:])
	if args[0] == "worker" {
		args = append(args, words...)
	}
	all := runtime.GOMAXPROCS(1)
	call := asynccall.Begin(args...)
	for n := range args[1:] {
		args[1+n] = "changed after Begin"
	}
	runtime.GOMAXPROCS(all)
	me.Reach("begun")
	return call
}

// tell says what Get returns, and again.
func tell(me syncpoint.Role, call *asynccall.Call) {
	answer, err := call.Get()
	say(me, "get", answer, err)
	answer, err = call.Get()
	say(me, "again", answer, err)
}

// sleep has three goroutines in Get at once.
func sleep(me syncpoint.Role) {
	call := begin(me)
	var all sync.WaitGroup
	for _, n := range []string{"first", "second", "third"} {
		all.Go(func() {
			answer, err := call.Get()
			say(me, n, answer, err)
			me.Reach(n + "-got")
		})
	}
	me.Reach("sleeping")
	me.Say("ready", call.Ready())
	me.Reach("asked")
	all.Wait()
	me.Say("ready", call.Ready())
	tell(me, call)
	me.Reach("got")
}

// callBack sets up callbacks by one function, two before the end and two after it, and says how many were called.
func callBack(me syncpoint.Role) {
	call := begin(me)
	var calls atomic.Int32
	f := func(answer string, err error) {
		say(me, "callback", answer, err)
		calls.Add(1)
	}
	call.Then(f)
	call.Then(f)
	me.Reach("added")
	me.Say("calls", calls.Load())
	me.Reach("counted")
	me.Say("calls", calls.Load())
	me.Reach("counted-at-end")
	call.Then(f)
	me.Reach("added-late")
	me.Say("calls", calls.Load())
	call.Then(f)
	me.Reach("added-again")
	me.Say("calls", calls.Load())
	tell(me, call)
	me.Reach("got")
	me.Say("calls", calls.Load())
	me.Reach("counted-after-get")
}

// callBackSlowly sets up callbacks that take their time: two before the end, the first of which looks at the call and
// sets up one more, and one after the end, which wants a lock that its caller holds.
func callBackSlowly(me syncpoint.Role) {
	call := begin(me)
	call.Then(func(string, error) {
		me.Reach("first-called")
		me.Say("ready", call.Ready())
		tell(me, call)
		me.Reach("first-asked")
		call.Then(func(string, error) { me.Reach("chained-called") })
		me.Reach("first-added")
	})
	call.Then(func(string, error) { me.Reach("second-called") })
	me.Reach("added")
	me.Say("ready", call.Ready())
	tell(me, call)
	me.Reach("got")

	var lock sync.Mutex
	lock.Lock()
	call.Then(func(string, error) {
		lock.Lock()
		me.Reach("late-called")
	})
	me.Reach("added-late")
	lock.Unlock()
	me.Reach("unlocked")
}

// two begins two calls, and starts a child that is none of them.
func two(me syncpoint.Role) {
	exe, err := os.Executable()
	must(err)
	stranger := exec.Command(exe, "stranger")
	must(stranger.Start())
	first := begin(me)
	second := asynccall.Begin("other")
	me.Reach("both-begun")
	second.Then(func(answer string, err error) {
		say(me, "callback", answer, err)
		me.Reach("second-called")
	})
	var both sync.WaitGroup
	both.Go(func() {
		answer, err := second.Get()
		say(me, "second", answer, err)
		me.Reach("second-got")
	})
	both.Go(func() {
		answer, err := first.Get()
		say(me, "first", answer, err)
		me.Reach("first-got")
	})
	me.Reach("sleeping")
	me.Say("ready", fmt.Sprint(first.Ready(), second.Ready()))
	me.Reach("asked")
	both.Wait()
	must(stranger.Wait())
	me.Reach("got")
}

// many makes calls one after the other, and says whether they leave more descriptors open than the first one did.
func many(me syncpoint.Role) {
	tell(me, asynccall.Begin("mute"))
	me.Reach("one-made")
	before := descriptors()
	for _, how := range []string{"130", "255", "killed"} {
		answer, err := asynccall.Begin("ending", how).Get()
		say(me, how, answer, err)
	}
	tell(me, asynccall.Begin("mute"))
	asynccall.Begin("worker", strings.Repeat("x", 1<<20)).Get()
	me.Reach("many-made")
	me.Say("left", left(before))
	me.Reach("counted")
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
