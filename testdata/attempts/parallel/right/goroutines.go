// Has a goroutine for each task, which waits for it, and asks for the CPUs of the main thread.

package parallel

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
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
	one.Set(cpu)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return nil, err
	}
	children, err := startAll(tasks)
	return children, errors.Join(err, unix.SchedSetaffinity(0, &allowed))
}

func Parallel(tasks ...Task) error {
	var allowed unix.CPUSet
	if err := unix.SchedGetaffinity(os.Getpid(), &allowed); err != nil {
		return err
	}
	if allowed.Count() < 2 {
		return ErrOneCPU
	}
	errs := make([]error, len(tasks))
	var all sync.WaitGroup
	for i, task := range tasks {
		all.Go(func() { errs[i] = join(start(task)) })
	}
	all.Wait()
	return errors.Join(errs...)
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
	type edge struct {
		at     time.Duration
		change int
	}
	most := func(spans []Span) (most int) {
		var edges []edge
		for _, s := range spans {
			edges = append(edges, edge{s.From, 1}, edge{s.To, -1})
		}
		slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.at, b.at), a.change-b.change) })
		n := 0
		for _, e := range edges {
			n += e.change
			most = max(most, n)
		}
		return most
	}
	var progress, onCPU []Span
	for _, r := range records {
		progress, onCPU = append(progress, r.Progress), append(onCPU, r.OnCPU...)
	}
	switch {
	case most(onCPU) > 1:
		return WasParallel
	case most(progress) > 1:
		return WasConcurrent
	}
	return WasSerial
}
