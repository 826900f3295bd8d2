// Leaves the file open when the type is not registered.
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

type Runner interface{ Run() }

type Process struct {
	runner Runner
	cmd    *exec.Cmd // nil before Start
}

const marker = "--runner-child"

func Register(prototype Runner) {
	t := reflect.TypeOf(prototype).Elem()
	gob.RegisterName(t.PkgPath()+"."+t.Name(), prototype)
}

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

func New(r Runner) *Process { return &Process{runner: r} }

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
		return nil, err
	}
	return f, nil
}

func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("runner: process not started")
	}
	return p.cmd.Wait()
}
