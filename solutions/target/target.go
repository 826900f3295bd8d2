// Package target runs a named function in another process.
package target

import (
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

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
type Process struct {
	options Options
	cmd     *exec.Cmd // nil before Start
	wait    sync.Once
	err     error // what Wait returns, once the child has ended
}

// A child finds this as its first argument, and its Options in a file that it was handed open.
const (
	marker = "--target-child"
	inbox  = 3 // the first of exec.Cmd.ExtraFiles
)

var (
	functions = map[string]Func{"": func([]string, map[string]string) {}}
	described atomic.Int64
)

// Register makes a function known under a name, here and in every child. It calls nothing.
//
// A function cannot travel to another process, its name can: the child is the same program and has registered
// the same functions by the time it looks.
func Register(name string, f Func) { functions[name] = f }

// Main is called by the program as soon as its functions are registered, and before it does anything else. In a
// child it runs the target and exits 0, and never returns. In any other process it returns at once: also in an
// ordinary run of this program that a target or the parent starts, with the environment that it has itself, and with
// any arguments or none.
func Main() {
	if len(os.Args) < 2 || os.Args[1] != marker {
		return
	}
	var o Options
	if err := gob.NewDecoder(os.NewFile(inbox, "inbox")).Decode(&o); err != nil {
		fmt.Fprintln(os.Stderr, "target: read the arguments:", err)
		os.Exit(1)
	}
	functions[o.Target](o.Args, o.Kwargs)
	os.Exit(0)
}

// New describes a process. It starts nothing.
func New(o Options) *Process {
	n := described.Add(1)
	if o.Name == "" {
		o.Name = fmt.Sprintf("Process-%d", n)
	}
	return &Process{options: o}
}

// Start starts the child and returns while the target runs: this same program runs again, in a child of the caller, and
// executes only the target. The target gets Args and Kwargs unchanged: any bytes, up to 8 MB in all. The caller does
// not change them between New and Wait.
//
// Without a target the child runs nothing and exits 0. An unknown target is an error, and so is a Start after one
// that succeeded, also after the child's end; neither creates a process. When none can be started, that is an error
// too, leaves no descriptor open, and Start may be called again.
//
// The arguments travel in a file in memory (memfd_create(2)). The command line is too short for them, and
// a pipe holds 64 KiB: whoever writes more to one has to be sure that the other side reads already.
func (p *Process) Start() error {
	if p.cmd != nil {
		return errors.New("target: process already started")
	}
	if functions[p.options.Target] == nil {
		return fmt.Errorf("target: no function %q is registered", p.options.Target)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	letter, err := write(p.options)
	if err != nil {
		return err
	}
	defer letter.Close()
	cmd := exec.Command(exe, marker)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{letter}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

// write leaves the options in a file that no folder lists, to be read from its beginning.
func write(o Options) (*os.File, error) {
	fd, err := unix.MemfdCreate("options", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	f := os.NewFile(uintptr(fd), "options")
	err = gob.NewEncoder(f).Encode(o) // unlike JSON, gob keeps bytes that are not UTF-8
	if err == nil {
		_, err = f.Seek(0, 0) // the child shares the offset
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Wait sleeps until this child has ended, whatever others do. It returns nil when the child exited 0, and an error
// when it exited otherwise or was killed by a signal. A further Wait returns nil or an error as the first did. No
// descriptor for the child is open then. Before a Start that succeeded, Wait is an error.
//
// The kernel hands over an end once (wait(2)), so the first Wait keeps what it was told.
func (p *Process) Wait() error {
	if p.cmd == nil {
		return errors.New("target: process not started")
	}
	p.wait.Do(func() { p.err = p.cmd.Wait() })
	return p.err
}

// PID is the child's process ID, also after its end, and 0 while none was started.
func (p *Process) PID() int {
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

// Name is the name given in Options. By default it is Process-N, when this is the Nth process described by
// New: those with a name are counted too.
func (p *Process) Name() string { return p.options.Name }
