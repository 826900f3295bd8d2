// Takes itself for a child when somebody has sent arguments on its input, and waits for them in every run.
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

type Func func(args []string, kwargs map[string]string)

type Options struct {
	Target string
	Args   []string
	Kwargs map[string]string
	Name   string
}

type Process struct {
	options Options
	cmd     *exec.Cmd
	wait    sync.Once
	err     error
}

var (
	functions = map[string]Func{"": func([]string, map[string]string) {}}
	described atomic.Int64
)

func Register(name string, f Func) { functions[name] = f }

func Main() {
	var o Options
	if err := gob.NewDecoder(os.Stdin).Decode(&o); err != nil {
		return
	}
	functions[o.Target](o.Args, o.Kwargs)
	os.Exit(0)
}

func New(o Options) *Process {
	n := described.Add(1)
	if o.Name == "" {
		o.Name = fmt.Sprintf("Process-%d", n)
	}
	return &Process{options: o}
}

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
	cmd := exec.Command(exe)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Stdin = letter
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

func write(o Options) (*os.File, error) {
	fd, err := unix.MemfdCreate("options", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	f := os.NewFile(uintptr(fd), "options")
	err = gob.NewEncoder(f).Encode(o)
	if err == nil {
		_, err = f.Seek(0, 0)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (p *Process) Wait() error {
	if p.cmd == nil {
		return errors.New("target: process not started")
	}
	p.wait.Do(func() { p.err = p.cmd.Wait() })
	return p.err
}

func (p *Process) PID() int {
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

func (p *Process) Name() string { return p.options.Name }
