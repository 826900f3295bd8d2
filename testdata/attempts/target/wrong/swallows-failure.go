// A start that fails is told to whoever reads the output, and not to the caller.
package target

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
)

type Func func(args []string, kwargs map[string]string)

type Options struct {
	Target string
	Args   []string
	Kwargs map[string]string
	Name   string
}

type Process struct {
	once sync.Once
	err  error
	o    Options
	cmd  *exec.Cmd
}

var (
	functions = map[string]Func{}
	created   int
)

func Register(name string, f Func) { functions[name] = f }

func Main() {
	if os.Getenv("TARGET_CHILD") == "" {
		return
	}
	os.Unsetenv("TARGET_CHILD")
	var o Options
	if err := gob.NewDecoder(os.Stdin).Decode(&o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if o.Target != "" {
		functions[o.Target](o.Args, o.Kwargs)
	}
	os.Exit(0)
}

func New(o Options) *Process {
	created++
	if o.Name == "" {
		o.Name = fmt.Sprint("Process-", created)
	}
	return &Process{o: o}
}

func (p *Process) Start() error {
	if p.cmd != nil {
		return errors.New("already started")
	}
	if p.o.Target != "" && functions[p.o.Target] == nil {
		return fmt.Errorf("unknown target %q", p.o.Target)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(p.o); err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "TARGET_CHILD=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &b, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "target:", err)
		return nil
	}
	p.cmd = cmd
	return nil
}

func (p *Process) Wait() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	p.once.Do(func() { p.err = p.wait() })
	return p.err
}

func (p *Process) wait() error {
	return p.cmd.Wait()
}

func (p *Process) PID() int {
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

func (p *Process) Name() string { return p.o.Name }
