// Package runner runs a value's Run method in another process.
package runner

import "errors"

// Runner is what can be started: a pointer to a struct. Its exported fields travel to the child.
type Runner interface{ Run() }

// Process is a child: described, running or ended.
type Process struct{}

// Register makes a type known, here and in every child. The prototype, such as &Greeting{}, only shows the type: its
// fields do not matter, and nothing is run.
func Register(prototype Runner) {}

// Main is called by the program as soon as its types are registered, and before it does anything else. In a child it
// calls Run and exits 0, and never returns. In any other process it returns at once.
func Main() {}

// New describes a process that will run r. It starts nothing and takes no field yet.
func New(r Runner) *Process { return &Process{} }

// Start starts the child and returns while Run runs: this same program runs again, in a child of the caller, and
// executes only Run, on a value of r's type with the fields that r has at this moment. Afterwards the two have nothing
// in common: what either changes, the other does not see.
//
// A type that was not registered is an error, and creates no process.
func (p *Process) Start() error { return errors.New("not written yet") }

// Join sleeps until the child has ended, and changes no field. It returns nil when the child exited 0, and an error when
// not. Before Start it is an error at once: there is nothing to wait for.
func (p *Process) Join() error { return errors.New("not written yet") }
