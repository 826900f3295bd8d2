// Package program is what the scenarios of parallel run: kit code around the learner's functions.
package program

import (
	"errors"
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
	parallel "forklings/exercises/46-parallel"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := arrange.Role(`
		serial|concurrent|parallel|serial-beside|concurrent-beside|parallel-beside|rush TASK:KIND...
		many serial|concurrent|parallel N
		alone serial|concurrent|parallel
		pinned|pair ROLE [ARG...]
		narrowed serial|concurrent|parallel TASK:KIND...
		a|b|c KIND [ARG...]
		bystander N
		looker PID [PID...]`)
	os.Args[0] = "parallel" // a name, and no path
	switch me {
	case "serial", "concurrent", "parallel", "serial-beside", "concurrent-beside", "parallel-beside": // TASK:KIND...
		offMainThread(func() { run(me, string(me), os.Args[2:]) })

	case "many": // WAY NUMBER: the same for so many tasks, each of which waits until all have begun
		n := number(os.Args[3])
		go crowd(me, n)
		offMainThread(func() { run(me, os.Args[2], slices.Repeat([]string{"a:crowd"}, n)) })

	case "rush": // TASK:KIND...: concurrent, on the main thread, while others want threads
		rush(me, tasks(os.Args[2:]))

	case "alone": // WAY: each way to fail, one after the other
		alone(me, os.Args[2])

	case "pinned": // ROLE ARG...: the same, in a program that may use its last CPU only
		cpus := affinity(0)
		confined(highest(cpus))

	case "pair": // ROLE ARG...: the same, in a program that may use two CPUs, if there are two
		cpus := affinity(0)
		confined(lowest(cpus), highest(cpus))

	case "narrowed": // WAY TASK:KIND...: the same, in a program that may use its last CPU only since it has begun
		narrow(highest(affinity(0)))
		runtime.GOMAXPROCS(4)
		offMainThread(func() { run(me, os.Args[2], os.Args[3:]) })

	case "a", "b", "c": // KIND
		task(me, os.Args[2])

	case "bystander": // CPUS
		me.Say("born-with", map[bool]string{true: "all", false: "fewer"}[born() == number(os.Args[2])])
		me.Reach("up")

	case "left":
		me.Reach("held")

	case "looker": // PARENT PID...
		look(me)

	case "judge":
		judge(me)

	default:
		fmt.Fprintf(os.Stderr, "parallel: no role %q\n", me)
		os.Exit(125)
	}
}

// tasks are those that the arguments name.
func tasks(args []string) (tasks []parallel.Task) {
	for _, text := range args {
		if text == "impossible" {
			tasks = append(tasks, parallel.Task{"\x00"}) // which no argument can hold
		} else {
			tasks = append(tasks, strings.Split(text, ":"))
		}
	}
	return tasks
}

var ways = map[string]func(...parallel.Task) error{
	"serial": parallel.Serial, "concurrent": parallel.Concurrent, "parallel": parallel.Parallel,
}

// run runs the tasks that the arguments name in that way.
func run(me syncpoint.Role, way string, args []string) {
	before := affinity(0)
	me.Say("several", before.Count() > 1)
	me.Reach("ready")
	way, others := strings.CutSuffix(way, "-beside")
	if others {
		go beside(me, ways[way])
	}
	err := ways[way](tasks(args)...)
	me.Say("result", verdict(err))
	me.Reach("returned")
	me.Say("own-cpus", map[bool]string{true: "kept", false: "lost"}[kept(os.Getpid(), before)])
	if records := records(); len(records) > 0 {
		me.Say("met", meets(records))
		me.Say("judged", parallel.Judge(records...))
	}
	me.Reach("looked")
}

// alone tells how each way to fail ends by itself.
func alone(me syncpoint.Role, way string) {
	cpus := affinity(0)
	me.Say("several", cpus.Count() > 1)
	me.Reach("ready")
	for _, kind := range []string{"impossible", "fail", "die"} {
		task := "a:" + kind
		if kind == "impossible" {
			task = kind
		}
		me.Say(kind, verdict(ways[way](tasks([]string{task})...)))
	}
	me.Reach("returned")
}

func verdict(err error) string {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	switch {
	case errors.Is(err, parallel.ErrOneCPU):
		return "one-cpu"
	case err != nil:
		return "error"
	}
	return "nil"
}

// beside has a child that is nobody's task, when the scenario says so, and then one that is a task of
// another call in the same way.
func beside(me syncpoint.Role, way func(...parallel.Task) error) {
	me.Reach("beside")
	exe, err := os.Executable()
	must(err)
	bystander := exec.Command(exe, "bystander", strconv.Itoa(born()))
	must(bystander.Start())
	unix.Waitid(unix.P_PID, bystander.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) // who else waits for it, has it now
	me.Reach("bystander-ended")
	err = bystander.Wait()
	me.Say("bystander", map[bool]string{true: "stolen", false: "mine"}[errors.Is(err, syscall.ECHILD)])
	me.Reach("beside-done")
	must(way(parallel.Task{"bystander", strconv.Itoa(born())}))
	me.Reach("second-done")
}

// offMainThread calls f on any thread but the main one, which nobody else gets.
func offMainThread(f func()) {
	onMainThread()
	done := make(chan bool)
	go func() {
		f()
		close(done)
	}()
	<-done
}

// onMainThread keeps this goroutine on the main thread. If the Go runtime has moved it already, it begins again.
func onMainThread() {
	runtime.LockOSThread()
	if unix.Gettid() != os.Getpid() {
		again(os.Args[1:]...)
	}
}

// confined begins again with the rest of the arguments, on these CPUs only.
func confined(cpus ...int) {
	runtime.LockOSThread()
	set := setOf(cpus...)
	must(unix.SchedSetaffinity(0, &set))
	again(os.Args[2:]...)
}

func again(args ...string) {
	exe, err := os.Executable()
	must(err)
	must(syscall.Exec(exe, append([]string{exe}, args...), os.Environ()))
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	must(err)
	return n
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
