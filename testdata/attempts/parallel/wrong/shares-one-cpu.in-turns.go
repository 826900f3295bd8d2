// Deals the CPUs out to the parallel tasks in turns: two stay on one of them when another one is idle.

package parallel

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

type Task []string

var ErrOneCPU = errors.New("parallel: this program may use one CPU only")

func Serial(tasks ...Task) error {
	var errs []error
	for _, task := range tasks {
		errs = append(errs, join(start(task)))
	}
	return errors.Join(errs...)
}

func Concurrent(tasks ...Task) error {
	return onEach(tasks, func(int) int { return 0 })
}

func onEach(tasks []Task, choose func(task int) int) error {
	children, err := on(tasks, choose)
	return errors.Join(err, joinAll(children))
}

// on starts each task on the CPU, of those that the program may use, that choose names.
func on(tasks []Task, choose func(task int) int) (children []*exec.Cmd, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var allowed unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return nil, err
	}
	defer unix.SchedSetaffinity(0, &allowed)
	var cpus []int
	for cpu := range 1024 {
		if allowed.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	for i, task := range tasks {
		var one unix.CPUSet
		one.Set(cpus[choose(i)])
		if err := unix.SchedSetaffinity(0, &one); err != nil {
			return children, err
		}
		child, failed := start(task)
		if failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		children = append(children, child)
	}
	return children, err
}

func Parallel(tasks ...Task) error {
	var allowed unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return err
	}
	if allowed.Count() < 2 {
		return ErrOneCPU
	}
	return onEach(tasks, func(task int) int { return task % allowed.Count() })
}

func joinAll(children []*exec.Cmd) (err error) {
	for _, child := range children {
		err = errors.Join(err, child.Wait())
	}
	return err
}

func start(task Task) (*exec.Cmd, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	child := exec.Command(exe, task...)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	return child, child.Start()
}

func join(child *exec.Cmd, err error) error {
	if err != nil {
		return err
	}
	return child.Wait()
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
