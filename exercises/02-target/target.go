// Package target runs a named function in another process.
package target

import "errors"

// Func is what a child runs.
type Func func(args []string, kwargs map[string]string)

// Options describe a process.
type Options struct {
	Target string            // the name of a registered function; "" for none
	Args   []string          // handed to the target
	Kwargs map[string]string // handed to the target
	Name   string            // "" for the default name
}

// Process is a child: described, running or ended.
type Process struct{}

// Register makes a function known under a name, here and in every child. It calls nothing.
func Register(name string, f Func) {}

// Main is called by the program as soon as its functions are registered, and before it does anything else. In a
// child it runs the target and exits 0, and never returns. In any other process it returns at once: also in an
// ordinary run of this program that a target or the parent starts, with the environment that it has itself, and with
// any arguments or none.
func Main() {}

// New describes a process. It starts nothing.
func New(o Options) *Process { return &Process{} }

// Start starts the child and returns while the target runs: this same program runs again, in a child of the caller, and
// executes only the target. The target gets Args and Kwargs unchanged: any bytes, up to 8 MB in all. The caller does
// not change them between New and Wait.
//
// Without a target the child runs nothing and exits 0. An unknown target is an error, and so is a Start after one
// that succeeded, also after the child's end; neither creates a process. When none can be started, that is an error
// too, leaves no descriptor open, and Start may be called again.
func (p *Process) Start() error { return errors.New("not written yet") }

// Wait sleeps until this child has ended, whatever others do. It returns nil when the child exited 0, and an error
// when it exited otherwise or was killed by a signal. A further Wait returns nil or an error as the first did. No
// descriptor for the child is open then. Before a Start that succeeded, Wait is an error.
func (p *Process) Wait() error { return errors.New("not written yet") }

// PID is the child's process ID, also after its end, and 0 while none was started.
func (p *Process) PID() int { return 0 }

// Name is the name given in Options. By default it is Process-N, when this is the Nth process described by
// New: those with a name are counted too.
func (p *Process) Name() string { return "" }
