// Lets the thread that it keeps there end with its goroutine, which the main thread never does.

package parallel

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type Task []string

var ErrOneCPU = errors.New("parallel: this program may use one CPU only")

func Serial(tasks ...Task) error {
	var errs []error
	for _, task := range tasks {
		errs = append(errs, run(task))
	}
	return errors.Join(errs...)
}

func Concurrent(tasks ...Task) error {
	type started struct {
		pids []int
		err  error
	}
	result := make(chan started)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with this goroutine
		if err := keepOnLast(); err != nil {
			result <- started{nil, err}
			return
		}
		pids, err := startAll(tasks)
		result <- started{pids, err}
	}()
	r := <-result
	return errors.Join(r.err, joinAll(r.pids))
}

func run(task Task) error {
	pids, err := startAll([]Task{task})
	return errors.Join(err, joinAll(pids))
}

func keepOnLast() error {
	var allowed, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return err
	}
	for cpu := range 1024 {
		if allowed.IsSet(cpu) {
			one.Zero()
			one.Set(cpu)
		}
	}
	return unix.SchedSetaffinity(0, &one)
}

func Parallel(tasks ...Task) error {
	var allowed unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return err
	}
	if allowed.Count() < 2 {
		return ErrOneCPU
	}
	children, err := startAll(tasks)
	return errors.Join(err, joinAll(children))
}

func startAll(tasks []Task) (pids []int, err error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for _, task := range tasks {
		pid, failed := syscall.ForkExec(exe, append([]string{exe}, task...), &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
		if failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		pids = append(pids, pid)
	}
	return pids, err
}

func joinAll(pids []int) (err error) {
	for _, pid := range pids {
		var status unix.WaitStatus
		_, failed := unix.Wait4(pid, &status, 0, nil)
		for failed == unix.EINTR {
			_, failed = unix.Wait4(pid, &status, 0, nil)
		}
		if failed == nil && status != 0 {
			failed = fmt.Errorf("task %d: status %#x", pid, int(status))
		}
		err = errors.Join(err, failed)
	}
	return err
}

type Way string

const (
	WasSerial     Way = "serial"
	WasConcurrent Way = "concurrent"
	WasParallel   Way = "parallel"
)

type Span struct{ From, To time.Duration }

type Record struct {
	Progress Span
	OnCPU    []Span
}

func Judge(records ...Record) Way {
	way := WasSerial
	for i, a := range records {
		for _, b := range records[i+1:] {
			if anyMeet(a.OnCPU, b.OnCPU) {
				return WasParallel
			}
			if a.Progress.meets(b.Progress) {
				way = WasConcurrent
			}
		}
	}
	return way
}

func anyMeet(a, b []Span) bool {
	for _, s := range a {
		for _, t := range b {
			if s.meets(t) {
				return true
			}
		}
	}
	return false
}

func (s Span) meets(t Span) bool { return max(s.From, t.From) < min(s.To, t.To) }
