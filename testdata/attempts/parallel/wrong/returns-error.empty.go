// Gives the thread a set without any CPU, which the kernel refuses.

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
	children, err := startOnOneCPU(tasks)
	return errors.Join(err, joinAll(children))
}

func startOnOneCPU(tasks []Task) ([]*exec.Cmd, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var allowed, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return nil, err
	}
	cpu := 0
	for !allowed.IsSet(cpu) {
		cpu++
	}
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return nil, err
	}
	children, err := startAll(tasks)
	return children, errors.Join(err, unix.SchedSetaffinity(0, &allowed))
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

func startAll(tasks []Task) (children []*exec.Cmd, err error) {
	for _, task := range tasks {
		child, failed := start(task)
		if failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		children = append(children, child)
	}
	return children, err
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
