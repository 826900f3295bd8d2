// Takes one Read for all there is.
package target

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
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
	buf := make([]byte, 1<<20)
	m, _ := os.Stdin.Read(buf)
	var fields []string
	for line := range strings.Lines(string(buf[:m])) {
		f, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
		fields = append(fields, string(f))
	}
	n, _ := strconv.Atoi(fields[1])
	o := Options{Target: fields[0], Kwargs: map[string]string{}}
	for fields = fields[2:]; n > 0 && len(fields) > 1; n-- {
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
	fields := []string{p.o.Target, strconv.Itoa(len(p.o.Kwargs))}
	for k, v := range p.o.Kwargs {
		fields = append(fields, k, v)
	}
	var b bytes.Buffer
	for _, f := range append(fields, p.o.Args...) {
		fmt.Fprintln(&b, base64.StdEncoding.EncodeToString([]byte(f)))
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "TARGET_CHILD=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &b, os.Stdout, os.Stderr
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
