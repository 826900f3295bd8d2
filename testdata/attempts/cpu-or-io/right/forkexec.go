// Makes the children by ForkExec from one goroutine, waits by wait4, and asks a thread by getrusage.

package cpuorio

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
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
	if way == Processes {
		return inChildren(pieces)
	}
	began := time.Now()
	cpu := make([]time.Duration, len(pieces))
	errs := make([]error, len(pieces))
	var all sync.WaitGroup
	for i, piece := range pieces {
		all.Go(func() {
			cpu[i], errs[i] = inThread(piece.Do)
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
	var before, after unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &before); err != nil {
		return 0, err
	}
	do()
	err := unix.Getrusage(unix.RUSAGE_THREAD, &after)
	return time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()), err
}

func inChildren(pieces []Piece) (cost Cost, err error) {
	began := time.Now()
	exe, err := os.Executable()
	if err != nil {
		return cost, err
	}
	var pids []int
	for _, piece := range pieces {
		pid, failed := syscall.ForkExec(exe, append([]string{exe}, piece.Args...), &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
		if failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		pids = append(pids, pid)
	}
	for _, pid := range pids {
		var status unix.WaitStatus
		var r unix.Rusage
		_, failed := unix.Wait4(pid, &status, 0, &r)
		for failed == unix.EINTR {
			_, failed = unix.Wait4(pid, &status, 0, &r)
		}
		if failed == nil && status != 0 {
			failed = fmt.Errorf("child %d: status %#x", pid, int(status))
		}
		err = errors.Join(err, failed)
		cost.CPU += time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	cost.Wall = time.Since(began)
	return cost, err
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
