// Takes a child that is stopped for one that has ended, and asks for no more of it.

package cpuorio

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

type Way int

const (
	Serial    Way = iota // one after the other, in this process
	Threads              // all at once, each in a thread of its own of this process
	Processes            // all at once, each in a child process of its own
)

type Piece struct {
	Do   func()   // does it, in the thread that calls
	Args []string // this same program, run with these arguments, does it and exits with 0
}

type Cost struct {
	Wall time.Duration // from before the first began until all had ended
	CPU  time.Duration // that the kernel gave to the pieces together, in user mode and in the kernel
}

func Run(way Way, pieces ...Piece) (Cost, error) {
	began := time.Now()
	cpu := make([]time.Duration, len(pieces))
	errs := make([]error, len(pieces))
	var all sync.WaitGroup
	for i, piece := range pieces {
		all.Go(func() {
			if way == Processes {
				cpu[i], errs[i] = inChild(piece.Args)
			} else {
				cpu[i], errs[i] = inThread(piece.Do)
			}
		})
		if way == Serial {
			all.Wait()
		}
	}
	all.Wait()

	cost := Cost{Wall: time.Since(began)}
	for _, used := range cpu {
		cost.CPU += used
	}
	return cost, errors.Join(errs...)
}

func inThread(do func()) (time.Duration, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := threadTime()
	if err != nil {
		return 0, err
	}
	do()
	after, err := threadTime()
	return after - before, err
}

func threadTime() (time.Duration, error) {
	var t unix.Timespec
	err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
	return time.Duration(t.Nano()), err
}

func inChild(args []string) (time.Duration, error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	child := exec.Command(exe, args...)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	if err := child.Start(); err != nil {
		return 0, err
	}
	var status unix.WaitStatus
	var used unix.Rusage
	if _, err := unix.Wait4(child.Process.Pid, &status, unix.WUNTRACED, &used); err != nil {
		return 0, err
	}
	if status.Signaled() || status.ExitStatus() > 0 {
		return 0, errors.New("the child failed")
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), nil
}

func Creation(way Way, n int, nothing Piece) (Cost, error) {
	var sum Cost
	for range n {
		one, err := Run(way, nothing)
		if err != nil {
			return Cost{}, err
		}
		sum.Wall += one.Wall
		sum.CPU += one.CPU
	}
	return Cost{sum.Wall / time.Duration(n), sum.CPU / time.Duration(n)}, nil
}

func (c Cost) IOBound() bool { return 2*c.CPU < c.Wall }

func Choose(serial, threads, processes Cost) Way {
	best, cost := Serial, serial
	for way, c := range []Cost{serial, threads, processes} {
		if c.Wall < cost.Wall || c.Wall == cost.Wall && c.CPU < cost.CPU {
			best, cost = Way(way), c
		}
	}
	return best
}
