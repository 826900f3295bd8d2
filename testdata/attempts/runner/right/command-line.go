// The fields are few: JSON is one word of the command line, and ForkExec starts it.
package runner

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"syscall"
)

type Runner interface{ Run() }

type Process struct {
	r   Runner
	pid int
}

var types = map[string]reflect.Type{}

func Register(prototype Runner) {
	t := reflect.TypeOf(prototype).Elem()
	types[t.String()] = t
}

func Main() {
	if len(os.Args) < 4 || os.Args[1] != "--child" {
		return
	}
	t := types[os.Args[2]]
	r := reflect.New(t).Interface().(Runner)
	if err := json.Unmarshal([]byte(os.Args[3]), r); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r.Run()
	os.Exit(0)
}

func New(r Runner) *Process { return &Process{r: r} }

func (p *Process) Start() error {
	name := reflect.TypeOf(p.r).Elem().String()
	if types[name] == nil {
		return fmt.Errorf("%s is not registered", name)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	fields, err := json.Marshal(p.r)
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, []string{exe, "--child", name, string(fields)}, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	var status syscall.WaitStatus
	_, err := syscall.Wait4(p.pid, &status, 0, nil)
	if err == nil && status != 0 {
		err = fmt.Errorf("status %#x", status)
	}
	return err
}
