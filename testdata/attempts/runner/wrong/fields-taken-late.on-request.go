// The child asks for the fields when it has begun.
package runner

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
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
	c, err := net.Dial("unix", os.Getenv("RUNNER_SOCKET"))
	if err != nil {
		os.Exit(1)
	}
	if err := json.NewDecoder(c).Decode(r); err != nil {
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
	if types[name] == nil {
		return fmt.Errorf("%s is not registered", name)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	l, err := net.Listen("unix", "")
	if err != nil {
		return err
	}
	go func() {
		defer l.Close()
		if c, err := l.Accept(); err == nil {
			json.NewEncoder(c).Encode(p.r)
			c.Close()
		}
	}()
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "RUNNER_TYPE="+name, "RUNNER_SOCKET="+l.Addr().String())
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
