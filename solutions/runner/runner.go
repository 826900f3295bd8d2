// Package runner runs a value's Run method in another process.
package runner

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// Runner is what can be started: a pointer to a struct. Its exported fields travel to the child.
type Runner interface{ Run() }

// Process is a child: described, running or ended.
type Process struct {
	runner Runner
	cmd    *exec.Cmd // nil before Start
}

// A child finds this as its first argument, and its Runner on its standard input.
const marker = "--runner-child"

// Register makes a type known, here and in every child. The prototype, such as &Greeting{}, only shows the type: its
// fields do not matter, and nothing is run.
//
// Gob keeps the types by their names, and sends the name along with a value.
func Register(prototype Runner) { gob.Register(prototype) }

// Main is called by the program as soon as its types are registered, and before it does anything else. In a child it
// calls Run and exits 0, and never returns. In any other process it returns at once.
func Main() {
	if len(os.Args) < 2 || os.Args[1] != marker {
		return
	}
	var r Runner
	if err := gob.NewDecoder(os.Stdin).Decode(&r); err != nil {
		fmt.Fprintln(os.Stderr, "runner: read the fields:", err)
		os.Exit(1)
	}
	r.Run()
	os.Exit(0)
}

// New describes a process that will run r. It starts nothing and takes no field yet.
func New(r Runner) *Process { return &Process{runner: r} }

// Start starts the child and returns while Run runs: this same program runs again, in a child of the caller, and
// executes only Run, on a value of r's type with the fields that r has at this moment. Afterwards the two have nothing
// in common: what either changes, the other does not see.
//
// A type that was not registered is an error, and creates no process.
//
// The fields are encoded here, before anything can change them again. Bringing them to the child may take longer
// than Start does, and exec.Cmd sees to that beside the caller.
func (p *Process) Start() error {
	if p.cmd != nil {
		return errors.New("runner: process already started")
	}
	var fields bytes.Buffer
	if err := gob.NewEncoder(&fields).Encode(&p.runner); err != nil { // &: as a Runner, with the name of its type
		return fmt.Errorf("runner: %w", err)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, marker)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &fields, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

// Join sleeps until the child has ended, and changes no field. It returns nil when the child exited 0, and an error when
// not. Before Start it is an error at once: there is nothing to wait for.
func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("runner: process not started")
	}
	return p.cmd.Wait()
}
