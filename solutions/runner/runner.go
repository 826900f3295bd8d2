// Package runner runs a value's Run method in another process.
package runner

import (
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"

	"golang.org/x/sys/unix"
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
// fields do not matter, and nothing is run. Types of the same name from different packages are different types.
//
// Gob keeps the types by their names, and sends the name along with a value. For a pointer, gob.Register would choose a
// name without the path of the package.
func Register(prototype Runner) {
	t := reflect.TypeOf(prototype).Elem()
	gob.RegisterName(t.PkgPath()+"."+t.Name(), prototype)
}

// Main is called by the program as soon as its types are registered, and before it does anything else. In a child it
// calls Run and exits 0, and never returns. In any other process it returns at once: also in an ordinary run of this
// program that a Run or the parent starts, with the environment that it has itself.
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
// executes only Run, on a new value of r's type with the exported fields that r has at this moment. Afterwards the two
// have nothing in common: what either changes, the other does not see, and the child does not need the caller. It has the
// caller's environment, standard output and standard error.
//
// A type that was not registered is an error, and creates no process. When none can be made, that is an error, too. Then
// nothing stays open, and there is nothing to join.
//
// The fields are encoded here, before anything can change them again, into a file in memory (memfd_create(2)): it takes
// everything at once, and is still there when this process has ended.
func (p *Process) Start() error {
	if p.cmd != nil {
		return errors.New("runner: process already started")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	fields, err := write(p.runner)
	if err != nil {
		return fmt.Errorf("runner: %w", err)
	}
	defer fields.Close()
	cmd := exec.Command(exe, marker)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = fields, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

// write leaves r in a file that no folder lists, to be read from its beginning.
func write(r Runner) (*os.File, error) {
	fd, err := unix.MemfdCreate("fields", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	f := os.NewFile(uintptr(fd), "fields")
	err = gob.NewEncoder(f).Encode(&r) // &: as a Runner, with the name of its type
	if err == nil {
		_, err = f.Seek(0, 0) // the child shares the offset
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Join sleeps until this child has ended, whatever others do, and changes no field. It returns nil when the child exited
// 0, and an error when it exited otherwise (os.Exit(3) or a panic in Run) or was killed by a signal. Then nothing is left
// of it: no zombie, no open descriptor. Before Start it is an error at once: there is nothing to wait for.
func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("runner: process not started")
	}
	return p.cmd.Wait()
}
