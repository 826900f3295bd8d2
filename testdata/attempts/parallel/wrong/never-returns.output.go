// Keeps the output of the tasks in memory, and so waits for everybody who could still write some.

package parallel

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// Task is a child process: this same program, run with these arguments. Its input and output are yours to choose.
type Task []string

// ErrOneCPU says that nothing can run in parallel here.
var ErrOneCPU = errors.New("parallel: this program may use one CPU only")

// Serial runs one or more tasks one after the other, in their order: each begins when the one before it has ended, and may
// use every CPU of the program.
//
// It returns when the last has ended. A task that cannot be started, exits with another status than 0 or is ended by a
// signal makes an error; the others are run all the same. Meanwhile the caller sleeps; no zombie is left; other children
// are left alone. All this holds for Concurrent and Parallel, too. They may be called by several goroutines at once.
func Serial(tasks ...Task) error {
	var errs []error
	for _, task := range tasks {
		errs = append(errs, join(start(task)))
	}
	return errors.Join(errs...)
}

// Concurrent runs the tasks all at once on one CPU, where they take turns: each of them may use this one only, from its
// first instruction on, and it is one that the program may use. Only the thread that starts them is kept there, and only
// while it starts them. The program's other threads, and children that it starts elsewhere, may use the same CPUs as before.
func Concurrent(tasks ...Task) error {
	children, err := startOnOneCPU(tasks)
	return errors.Join(err, joinAll(children))
}

// startOnOneCPU starts the tasks from a thread that may use one CPU only: a child has the affinity of the thread that
// has made it. The thread is locked meanwhile, so that nobody else comes to run on it, and gets back what it had.
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

// Parallel runs the tasks all at once on several CPUs: no two of them have to share one while the program may use another.
// When it may use one CPU only, now, Parallel starts nothing and returns ErrOneCPU, also for one task.
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

// startAll starts all that can be started.
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
	var output bytes.Buffer
	child.Stdout, child.Stderr = &output, &output
	return child, child.Start()
}

func join(child *exec.Cmd, err error) error {
	if err != nil {
		return err
	}
	return child.Wait()
}

// Way is how tasks were run.
type Way string

const (
	WasSerial     Way = "serial"     // no two of them were in progress at one moment
	WasConcurrent Way = "concurrent" // two were in progress at one moment, and no two were on a CPU at one moment
	WasParallel   Way = "parallel"   // two were on a CPU at one moment
)

// Span is a stretch of time. To is later than From, and no part of it: one from 1 to 2 and one from 2 to 3 have no moment
// in common.
type Span struct{ From, To time.Duration }

// Record is what was seen of a task: when it was in progress, begun and not yet ended, and when it was on a CPU, which
// is within that time, in order and without overlap. Of a task that is in progress, but on no CPU, the others may be.
type Record struct {
	Progress Span
	OnCPU    []Span
}

// Judge tells how the tasks were run, by their records, which come in any order and are left as they are.
// One task alone, and none, were serial.
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

// meets reports whether the two have a moment in common.
func (s Span) meets(t Span) bool { return max(s.From, t.From) < min(s.To, t.To) }
