// Package runner runs a value's Run method in another process.
package runner

import "errors"

// Runner is what can be started: a pointer to a struct. Its exported fields travel to the child.
type Runner interface{ Run() }

// Process is a child: described, running or ended.
type Process struct{}

// Register makes a type known, here and in every child. The prototype, such as &Greeting{}, only shows the type: its
// fields do not matter, and nothing is run. Types of the same name from different packages are different types.
func Register(prototype Runner) {}

// Main is called by the program as soon as its types are registered, and before it does anything else. In a child it
// calls Run and exits 0, and never returns. In any other process it returns at once: also in an ordinary run of this
// program that a Run or the parent starts, with the environment that it has itself.
func Main() {}

// New describes a process that will run r. It starts nothing and takes no field yet.
func New(r Runner) *Process { return &Process{} }

// Start starts the child and returns while Run runs: this same program runs again, in a child of the caller, and
// executes only Run, on a new value of r's type with the exported fields that r has at this moment. Afterwards the two
// have nothing in common: what either changes, the other does not see, and the child does not need the caller. It has the
// caller's environment, standard output and standard error.
//
// A type that was not registered is an error, and creates no process. When none can be made, that is an error, too. Then
// nothing stays open, and there is nothing to join.
func (p *Process) Start() error { return errors.New("not written yet") }

// Join sleeps until this child has ended, whatever others do, and changes no field. It returns nil when the child exited
// 0, and an error when it exited otherwise (os.Exit(3) or a panic in Run) or was killed by a signal. Then nothing is left
// of it: no zombie, no open descriptor. Before Start it is an error at once: there is nothing to wait for.
func (p *Process) Join() error { return errors.New("not written yet") }
