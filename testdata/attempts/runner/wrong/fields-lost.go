// Runs a fresh value of the type: nothing travels.
package runner

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
)

type Runner interface{ Run() }

type Process struct {
	r   Runner
	cmd *exec.Cmd
}

var types = map[string]reflect.Type{}

func Register(prototype Runner) {
	t := reflect.TypeOf(prototype).Elem()
	types[t.PkgPath()+"."+t.Name()] = t
}

func Main() {
	t, ok := types[os.Getenv("RUNNER_TYPE")]
	if !ok {
		return
	}
	os.Unsetenv("RUNNER_TYPE")
	r := reflect.New(t).Interface().(Runner)
	r.Run()
	os.Exit(0)
}

func New(r Runner) *Process { return &Process{r: r} }

func (p *Process) Start() error {
	t := reflect.TypeOf(p.r).Elem()
	name := t.PkgPath() + "." + t.Name()
	if types[name] == nil {
		return fmt.Errorf("%s is not registered", name)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "RUNNER_TYPE="+name)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	return p.cmd.Wait()
}
