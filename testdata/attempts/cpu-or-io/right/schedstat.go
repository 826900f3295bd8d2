// Starts by os.StartProcess, and reads the thread's time from /proc; its pieces begin and end in one loop.

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

func inThread(do func()) (cpu time.Duration, err error) {
	done := make(chan bool)
	go func() {
		defer close(done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		var before, after int64
		before, err = ran()
		if err == nil {
			do()
			after, err = ran()
			cpu = time.Duration(after - before)
		}
	}()
	<-done
	return cpu, err
}

// ran is the first number in schedstat: nanoseconds on a CPU. It is brought up to date by a switch, and by a tick.
func ran() (nanoseconds int64, err error) {
	unix.Nanosleep(&unix.Timespec{Nsec: 1}, nil)
	text, err := os.ReadFile("/proc/thread-self/schedstat")
	if err == nil {
		_, err = fmt.Sscan(string(text), &nanoseconds)
	}
	return nanoseconds, err
}

func inChild(args []string) (time.Duration, error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	child, err := os.StartProcess(exe, append([]string{exe}, args...), &os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}})
	if err != nil {
		return 0, err
	}
	end, err := child.Wait()
	if err != nil {
		return 0, err
	}
	if !end.Success() {
		return 0, errors.New(end.String())
	}
	r := end.SysUsage().(*syscall.Rusage)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()), nil
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
