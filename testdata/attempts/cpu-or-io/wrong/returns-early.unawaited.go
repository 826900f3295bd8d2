// Starts the pieces that are to be at once, and waits for none of them.

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
	Serial Way = iota
	Threads
	Processes
)

type Piece struct {
	Do   func()
	Args []string
}

type Cost struct {
	Wall time.Duration
	CPU  time.Duration
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
	if err := child.Run(); err != nil {
		return 0, err // also when SIGCHLD is ignored: there is nobody to wait for, and no cost
	}
	return child.ProcessState.UserTime() + child.ProcessState.SystemTime(), nil
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
