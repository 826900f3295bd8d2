// Package join waits for one child process.
package join

import "errors"

// Process is a process that can be waited for.
type Process struct{}

// New describes a child: this same program, run with exactly these arguments. It starts nothing.
func New(args ...string) *Process { return &Process{} }

// Find gives the object of a process that runs already, by its PID: a child that other code has started and
// does not wait for, or a process that is no child of this one.
func Find(pid int) *Process { return &Process{} }

// Start starts the child, as a child of this process, and returns while it runs. It is called once at most. When the
// child cannot be started, that is an error.
func (p *Process) Start() error { return errors.New("not written yet") }

// Join returns when the child has ended, and leaves no zombie. Meanwhile the caller sleeps in the kernel, for
// as long as it takes. A child that is stopped has not ended; what it leaves running is not waited for.
//
// After the child's end it returns at once, any number of times, and for any number of goroutines. How the
// child ended is not its business: an exit status of 7 or a death by a signal is no error. Each object waits
// for its own child, whatever happens to others.
//
// Before Start or after one that failed, and for a process that is not a child of this one, it returns an error at
// once. Start may follow, and then joins work.
func (p *Process) Join() error { return errors.New("not written yet") }
