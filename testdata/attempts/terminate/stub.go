// Package terminate ends child processes: asks, forces, and asks with a time limit.
package terminate

import (
	"errors"
	"time"
)

// Process is a child process.
//
// Its methods may be called by several goroutines at once; while one is in Join or Stop, the others work.
// Terminate, Kill and Stop are errors before Start. After the child's end they return nil and send nothing: its
// PID may be somebody else's by then.
type Process struct{}

// New describes a child: this same program, run with these arguments. It starts nothing.
func New(args ...string) *Process { return &Process{} }

// Start starts the child and returns while it runs.
func (p *Process) Start() error { return errors.New("not written yet") }

// Join returns when the child has ended, at once if it has ended already, and leaves no zombie. Meanwhile the
// caller sleeps in the kernel. How the child ended is no error.
func (p *Process) Join() error { return errors.New("not written yet") }

// Terminate asks the child to end: it sends SIGTERM, nothing else, and returns without waiting. The child may
// clean up first, or ignore it; one that is stopped gets it when it goes on. Its own children are left alone.
func (p *Process) Terminate() error { return errors.New("not written yet") }

// Kill ends the child by force: it sends SIGKILL, which no process can catch, ignore, or sleep through while it
// is stopped. The child's own children are left alone.
func (p *Process) Kill() error { return errors.New("not written yet") }

// Stop asks the child to end and waits for that, at most for the grace period; then it ends the child by force.
//
// It returns as soon as the child has ended, and not before, and leaves no zombie. Meanwhile the caller sleeps
// in the kernel. When Stop has returned, nothing is sent any more.
func (p *Process) Stop(grace time.Duration) error { return errors.New("not written yet") }
