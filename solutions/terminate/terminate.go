// Package terminate ends child processes: asks, forces, and asks with a time limit.
package terminate

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Process is a child process.
//
// Its methods may be called by several goroutines at once; while one is in Join or Stop, the others work.
// Terminate, Kill and Stop are errors before Start. After the child's end they return nil and send nothing: its
// PID may be somebody else's by then.
type Process struct {
	args  []string
	child *os.Process   // nil before Start
	ended chan struct{} // closed when the child was reaped
	err   error         // of the one wait; to be read when ended is closed
}

var errNotStarted = errors.New("terminate: process not started")

// New describes a child: this same program, run with these arguments. It starts nothing.
func New(args ...string) *Process { return &Process{args: args} }

// Start starts the child and returns while it runs. One goroutine waits for it from here on, whoever wants to
// hear of the end listens to that.
func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, p.args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	p.child, p.ended = cmd.Process, make(chan struct{})
	go func() {
		_, p.err = p.child.Wait()
		close(p.ended)
	}()
	return nil
}

// Join returns when the child has ended, at once if it has ended already, and leaves no zombie. Meanwhile the
// caller sleeps in the kernel. How the child ended is no error.
func (p *Process) Join() error {
	if p.child == nil {
		return errNotStarted
	}
	<-p.ended
	return p.err
}

// signal sends a signal unless the child has ended.
//
// os.Process knows whether it was waited for, and keeps Wait from reaping while it sends; where the kernel has
// pidfds it uses one. So the signal never reaches a process that was given the PID later.
func (p *Process) signal(s syscall.Signal) error {
	if p.child == nil {
		return errNotStarted
	}
	if err := p.child.Signal(s); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// Terminate asks the child to end: it sends SIGTERM, nothing else, and returns without waiting. The child may
// clean up first, or ignore it; one that is stopped gets it when it goes on. Its own children are left alone.
func (p *Process) Terminate() error { return p.signal(syscall.SIGTERM) }

// Kill ends the child by force: it sends SIGKILL, which no process can catch, ignore, or sleep through while it
// is stopped. The child's own children are left alone.
func (p *Process) Kill() error { return p.signal(syscall.SIGKILL) }

// Stop asks the child to end and waits for that, at most for the grace period; then it ends the child by force.
//
// It returns as soon as the child has ended, and not before, and leaves no zombie. Meanwhile the caller sleeps
// in the kernel. When Stop has returned, nothing is sent any more.
func (p *Process) Stop(grace time.Duration) error {
	if err := p.Terminate(); err != nil {
		return err
	}
	select {
	case <-p.ended:
	case <-time.After(grace):
		if err := p.Kill(); err != nil {
			return err
		}
	}
	return p.Join()
}
