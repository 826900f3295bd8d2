// Lets the child find out.
package runner

import (
	"encoding/json"
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
	if os.Getenv("RUNNER_TYPE") == "" {
		return
	}
	if !ok {
		os.Exit(1)
	}
	os.Unsetenv("RUNNER_TYPE")
	r := reflect.New(t).Interface().(Runner)
	if err := json.NewDecoder(os.Stdin).Decode(r); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r.Run()
	os.Exit(0)
}

func New(r Runner) *Process { return &Process{r: r} }

func (p *Process) Start() error {
	t := reflect.TypeOf(p.r).Elem()
	name := t.PkgPath() + "." + t.Name()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	fields, err := json.Marshal(p.r)
	if err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "RUNNER_TYPE="+name)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	in.Write(fields) // the child may have ended already, and that is not looked at either
	return nil
}

func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	return p.cmd.Wait()
}
