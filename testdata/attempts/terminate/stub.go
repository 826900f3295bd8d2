// Package terminate ends child processes: asks, forces, and asks with a time limit.
package terminate

import (
	"errors"
	"time"
)

// Process is a child process.
//
// Its methods may be called by several goroutines at once; while one is in Join or Stop, the others work, and so
// do other objects. Before Start, which is called once, or after one that failed, all others are errors and send nothing,
// then or later.
// After the child's end Terminate, Kill and Stop return nil; once it was waited for they send nothing, as its PID
// may be somebody else's by then. That Terminate or Kill
// may not signal a child that lives is an error.
type Process struct{}

// New describes a child: this same program, run with these arguments. It starts nothing.
func New(args ...string) *Process { return &Process{} }

// Start starts the child and returns while it runs. When it cannot be started, that is an error. Its input and output
// are left open.
func (p *Process) Start() error { return errors.New("not written yet") }

// Join returns when the child has ended, at once if it has ended already, and leaves no zombie; it may be called
// any number of times. A child that is stopped has not ended. Meanwhile the caller sleeps in the kernel. How the
// child ended is no error, neither an exit code nor a signal. Output that a grandchild holds open is not waited for.
func (p *Process) Join() error { return errors.New("not written yet") }

// Terminate asks the child to end: it sends SIGTERM in every call, nothing else. It returns when the signal was
// sent, without waiting. The child may clean up first, or ignore it; one that is stopped gets it when it goes on.
// Its own children are left alone.
func (p *Process) Terminate() error { return errors.New("not written yet") }

// Kill ends the child by force: it sends SIGKILL, which no process can catch, ignore, or sleep through while it
// is stopped. The child's own children are left alone.
func (p *Process) Kill() error { return errors.New("not written yet") }

// Stop asks the child to end and waits for that, at most for the grace period; then it ends the child by force.
//
// It returns as soon as the child has ended, and not before, and leaves no zombie. A grace of 0 or less is over
// at once. Meanwhile the caller sleeps in the kernel; a signal that interrupts it is not the end of the grace.
// How the child ended is no error. When Stop has returned, nothing is sent any more.
func (p *Process) Stop(grace time.Duration) error { return errors.New("not written yet") }
