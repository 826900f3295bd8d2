// Package program is what the scenarios of is-alive run: kit code around the learner's functions.
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
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/11-is-alive"
)

// odd arguments are those that a shell would change.
var odd = []string{"two words", "", "$HOME"}

// often is so many questions that waiting a little at each of them is seen.
const often = 500

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role("exists|watcher PID")
	switch me {
	case "child", "one", "two", "three":
		closePipes()
		listen(me)
		if slices.Equal(os.Args[2:], odd) {
			me.Say("arguments", "unchanged")
		} else {
			me.Say("arguments", fmt.Sprintf("%q", os.Args[2:]))
		}
		me.Reach("held")
		os.Exit(7)

	case "bystander":
		listen(me)
		me.Reach("held")

	case "ask", "ask-often":
		runtime.LockOSThread() // the main thread: it is the one that a signal interrupts, so Join waits on it
		times := 2
		if me == "ask-often" {
			times = often
		}
		child := describe("child")
		me.Reach("described")
		must(child.Start())
		me.Reach("started")
		me.Say("alive", ask(times, child.IsAlive))
		me.Reach("asked")
		must(child.Join())
		me.Reach("joined")
		must(child.Join())
		me.Reach("joined-again")
		me.Say("alive", ask(2, child.IsAlive))
		me.Reach("asked-again")

	case "ask-unstarted":
		child := describe("child")
		me.Reach("described")
		me.Say("alive", ask(2, child.IsAlive))
		me.Reach("asked")
		me.Say("join", outcome(child.Join()))
		me.Reach("joined")
		broken := isalive.New("child", "an argument with a NUL byte: \x00")
		me.Say("start", outcome(broken.Start()))
		me.Reach("refused")
		me.Say("alive", ask(2, broken.IsAlive))
		me.Reach("asked-again")
		me.Say("join", outcome(broken.Join()))
		me.Reach("joined-refused")
		must(child.Start())
		me.Reach("started")
		me.Say("alive", ask(2, child.IsAlive))
		me.Reach("asked-later")
		must(child.Join())
		me.Reach("joined-later")

	case "ask-while-joining":
		child := describe("child")
		must(child.Start())
		me.Reach("started")
		me.Say("alive", ask(2, child.IsAlive))
		joined := make(chan bool)
		go func() {
			must(child.Join())
			me.Reach("joined")
			close(joined)
		}()
		arrange.Traceable()
		me.Reach("joining")
		me.Say("alive", ask(2, child.IsAlive))
		me.Reach("asked")
		<-joined

	case "watcher":
		pid, err := strconv.Atoi(os.Args[2])
		must(err)
		arrange.KeepWaiting(pid, func(tracing bool) {
			me.Say("tracing", tracing)
			me.Reach("tracing")
		}, func() { me.Reach("keeping") })

	case "ask-among-others": // the bystander is not the exercise's
		bystander := exec.Command("/proc/self/exe", "bystander")
		must(bystander.Start())
		one, two, three := describe("one"), describe("two"), describe("three")
		must(one.Start())
		must(two.Start())
		must(three.Start())
		me.Reach("started")
		me.Say("unstarted", outcome(describe("four").Join()))
		me.Reach("refused")
		me.Say("one", ask(2, one.IsAlive))
		me.Say("two", ask(2, two.IsAlive))
		joined := make(chan bool)
		go func() {
			must(one.Join())
			me.Reach("joined-one")
			close(joined)
		}()
		me.Reach("joining")
		first := one.IsAlive()
		me.Say("two", ask(2, two.IsAlive))
		me.Say("three", ask(2, three.IsAlive))
		me.Say("one", first && one.IsAlive())
		me.Reach("asked")
		me.Say("bystander", isalive.Exists(bystander.Process.Pid))
		me.Reach("asked-for-bystander")
		must(three.Join())
		must(two.Join())
		must(bystander.Wait())
		me.Reach("joined-others")
		<-joined

	case "exists":
		pid, err := strconv.Atoi(os.Args[2])
		must(err)
		exists := func() bool { return isalive.Exists(pid) }
		me.Reach("told")
		me.Say("exists", ask(often, exists))
		me.Reach("asked")
		me.Say("exists", ask(2, exists))
		me.Reach("asked-again")
		me.Say("zero", isalive.Exists(0))
		me.Say("minus", isalive.Exists(-os.Getpid())) // a group of processes: whoever the script starts leads one
		me.Say("first", isalive.Exists(1))            // the first process of the namespace is always there (pid_namespaces(7))
		me.Reach("asked-for-groups")

	default:
		fmt.Fprintf(os.Stderr, "is-alive: no role %q\n", me)
		os.Exit(125)
	}
}

func describe(role string) *isalive.Process {
	return isalive.New(append([]string{role}, odd...)...)
}

// ask asks several times, and gives the answer, or the first two that differ.
func ask(times int, question func() bool) string {
	first := question()
	for range times - 1 {
		if again := question(); again != first {
			return fmt.Sprintf("%v, then %v", first, again)
		}
	}
	return strconv.FormatBool(first)
}

// listen tells of the signals that a program survives.
func listen(me syncpoint.Role) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGCONT, syscall.SIGWINCH, syscall.SIGUSR1, syscall.SIGUSR2)
	me.Say("heard", "nothing")
	go func() {
		for s := range signals {
			me.Say("heard", s)
		}
	}()
}

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

func outcome(err error) string {
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
