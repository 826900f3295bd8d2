// Package join waits for one child process.
package join

import (
	"errors"
	"os"
	"os/exec"
	"sync"
)

// Process is a process that can be waited for.
type Process struct {
	start  func() (*os.Process, error)
	child  *os.Process // nil before Start
	waited sync.Once
	err    error // of the one wait
}

// New describes a child: this same program, run with exactly these arguments. It starts nothing.
func New(args ...string) *Process {
	return &Process{start: func() (*os.Process, error) {
		exe, err := os.Executable()
		if err != nil {
			return nil, err
		}
		cmd := exec.Command(exe, args...)
		err = cmd.Start()
		return cmd.Process, err
	}}
}

// Find gives the object of a process that runs already, by its PID: a child that other code has started and
// does not wait for, or a process that is no child of this one.
func Find(pid int) *Process {
	found, err := os.FindProcess(pid)
	return &Process{child: found, err: err}
}

// Start starts the child, as a child of this process, and returns while it runs. It is called once at most. When the
// child cannot be started, that is an error.
func (p *Process) Start() (err error) {
	p.child, err = p.start()
	return err
}

// Join returns when the child has ended, however it ended, and leaves no zombie. Meanwhile the caller sleeps in
// the kernel. Before Start or after one that failed, and for a process that is not a child of this one, it returns
// an error at once.
//
// The kernel hands over an end only once, so the first caller waits and the others wait for it: Once.Do
// returns to everybody when the one call is done.
func (p *Process) Join() error {
	if p.child == nil {
		return errors.New("join: process not started")
	}
	p.waited.Do(func() { _, p.err = p.child.Wait() })
	return p.err
}
