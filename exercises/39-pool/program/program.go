// Package program is what the scenarios of pool run: kit code around the learner's functions.
package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/39-pool"

	"golang.org/x/sys/unix"
)

// Main is what every process of this program runs.
func Main() {
	for name, task := range tasks {
		pool.Register(name, task)
	}
	pool.Main()
	if len(os.Args) == 1 {
		syncpoint.Role("bare").Reach("held")
	}
	me := arrange.Role("parent PROCESSES [STEP...]")
	go sleep()
	switch me {
	case "parent": // N STEP...
		n, err := strconv.Atoi(os.Args[2])
		must(err)
		take(me, newPool(n), os.Args[3:])

	case "parent-on-thread":
		onThread(me)

	case "parent-refused":
		refused(me)

	case "parent-of-two":
		twoPools(me)

	case "stranger":
		me.Reach("held")

	default:
		fmt.Fprintf(os.Stderr, "pool: no role %q\n", me)
		os.Exit(125)
	}
}

// sleep keeps the Go runtime from ending a program in which nobody can go on: that is for the scenario to see.
func sleep() {
	for {
		syscall.Pause()
	}
}

func newPool(n int) *pool.Pool {
	p, err := pool.New(n)
	must(err)
	return p
}

// init keeps main on the first thread, which lasts as long as the process.
func init() { arrange.FirstThread("pool", "parent-on-thread") }

// onThread makes a pool on a thread that then ends.
func onThread(me syncpoint.Role) {
	var p *pool.Pool
	tid := make(chan int)
	go func() {
		runtime.LockOSThread() // the thread ends with the goroutine
		p = newPool(1)
		_, err := p.Apply("work", "one")
		must(err)
		me.Reach("applied")
		tid <- unix.Gettid()
	}()
	thread := fmt.Sprintf("/proc/self/task/%d", <-tid)
	for {
		if _, err := os.Stat(thread); errors.Is(err, os.ErrNotExist) {
			break
		}
		runtime.Gosched()
	}
	me.Reach("thread-ended")
	take(me, p, []string{"work:two", "get:two"})
}

// twoPools has two pools of one worker each.
func twoPools(me syncpoint.Role) {
	east := steps{me, newPool(1), map[string]*pool.Result{}, nil, nil}
	west := steps{me, newPool(1), map[string]*pool.Result{}, nil, nil}
	east.do("work:one")
	west.do("work:two")
	west.do("work:three")
	east.do("terminate")
	east.do("work:late")
	east.do("join")
	west.do("echo:four")
	east.do("get:one")
	west.do("get:two")
	west.do("close")
	west.do("join")
	west.do("get:three")
	west.do("get:four")
}

// ordinary is an ordinary run of this program. It has the environment and the output of who starts it.
func ordinary(args ...string) *exec.Cmd {
	exe, err := os.Executable()
	must(err)
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
