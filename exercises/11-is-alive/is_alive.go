// Package isalive tells whether a process is alive.
package isalive

import "errors"

// Process is a child process.
type Process struct{}

// New describes a child: this same program, run with these arguments. It starts nothing.
func New(args ...string) *Process { return &Process{} }

// Start starts the child and returns while it runs.
func (p *Process) Start() error { return errors.New("not written yet") }

// Join returns when the child has ended, at once if it has ended already, and leaves no zombie. It works
// whatever IsAlive has found out before. Meanwhile the caller sleeps in the kernel.
func (p *Process) Join() error { return errors.New("not written yet") }

// IsAlive reports whether the child is alive at this moment. It never waits, also while another goroutine is
// in Join.
//
// Before Start the child is not alive. It is alive while it runs, sleeps, or is stopped by a signal such as
// SIGSTOP. Once it has ended it is not alive, whether Join has been called or not: a zombie is not alive.
// Another process that is given the child's PID later is not the child.
func (p *Process) IsAlive() bool { return false }

// Exists reports whether there is a process with this PID, a child of ours or anybody else's. One that we
// may not signal (EPERM) exists too.
func Exists(pid int) bool { return false }
