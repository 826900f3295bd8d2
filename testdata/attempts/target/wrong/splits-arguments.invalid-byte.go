// Joins with a byte that UTF-8 does not use.
package target

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

type Func func(args []string, kwargs map[string]string)

type Options struct {
	Target string
	Args   []string
	Kwargs map[string]string
	Name   string
}

type Process struct {
	o   Options
	cmd *exec.Cmd
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
	text, _ := io.ReadAll(os.Stdin)
	fields := strings.Split(string(text), "\xff")
	n, _ := strconv.Atoi(fields[1])
	o := Options{Target: fields[0], Kwargs: map[string]string{}}
	for fields = fields[2:]; n > 0; n-- {
		o.Kwargs[fields[0]] = fields[1]
		fields = fields[2:]
	}
	o.Args = fields
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
	var fields []string
	for k, v := range p.o.Kwargs {
		fields = append(fields, k, v)
	}
	fields = append([]string{p.o.Target, strconv.Itoa(len(p.o.Kwargs))}, append(fields, p.o.Args...)...)
	b := strings.NewReader(strings.Join(fields, "\xff"))
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "TARGET_CHILD=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = b, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

func (p *Process) Wait() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	return p.cmd.Wait()
}

func (p *Process) PID() int {
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

func (p *Process) Name() string { return p.o.Name }
