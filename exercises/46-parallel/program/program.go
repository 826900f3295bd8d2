// Package program is what the scenarios of parallel run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/syncpoint"
	parallel "forklings/exercises/46-parallel"

	"golang.org/x/sys/unix"
)

// Main runs the role named by the first argument.
func Main() {
	me := syncpoint.Asked()
	switch me {
	case "serial", "concurrent", "parallel", "serial-beside", "concurrent-beside", "parallel-beside": // TASK:KIND...
		onMainThread()
		done := make(chan bool)
		go func() { // on any thread but the main one, which nobody else gets
			run(me)
			close(done)
		}()
		<-done

	case "pinned": // ROLE ARG...: the same, in a program that may use its last CPU only
		runtime.LockOSThread()
		var last unix.CPUSet
		last.Set(highest(affinity(0)))
		must(unix.SchedSetaffinity(0, &last))
		again(os.Args[2:]...)

	case "a", "b", "c": // KIND
		task(me, os.Args[2])

	case "bystander": // CPUS
		me.Say("born-with", map[bool]string{true: "all", false: "fewer"}[born() == number(os.Args[2])])
		me.Reach("up")

	case "looker": // PARENT PID...
		look(me)

	case "judge":
		judge(me)

	default:
		fmt.Fprintf(os.Stderr, "parallel: no role %q\n", me)
		os.Exit(125)
	}
}

// run runs the tasks that the arguments name in the way that the role is called.
func run(me syncpoint.Role) {
	var tasks []parallel.Task
	for _, text := range os.Args[2:] {
		if text == "impossible" {
			tasks = append(tasks, parallel.Task{"\x00"}) // which no argument can hold
		} else {
			tasks = append(tasks, strings.Split(text, ":"))
		}
	}
	before := affinity(0)
	me.Say("several", before.Count() > 1)
	me.Reach("ready")
	way, others := strings.CutSuffix(string(me), "-beside")
	if others {
		go beside(me)
	}
	var err error
	switch way {
	case "serial":
		err = parallel.Serial(tasks...)
	case "concurrent":
		err = parallel.Concurrent(tasks...)
	case "parallel":
		err = parallel.Parallel(tasks...)
	}
	me.Say("result", verdict(err))
	me.Reach("returned")
	me.Say("own-cpus", map[bool]string{true: "kept", false: "lost"}[kept(before)])
	if records := records(); len(records) > 0 {
		me.Say("met", meets(records))
		me.Say("judged", parallel.Judge(records...))
	}
	me.Reach("looked")
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

// beside has a child that is nobody's task, when the scenario says so, and then one that is a task of another call.
func beside(me syncpoint.Role) {
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
	must(parallel.Serial(parallel.Task{"bystander", strconv.Itoa(born())}))
	me.Reach("second-done")
}

// onMainThread keeps this goroutine on the main thread. If the Go runtime has moved it already, it begins again.
func onMainThread() {
	runtime.LockOSThread()
	if unix.Gettid() != os.Getpid() {
		again(os.Args[1:]...)
	}
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
