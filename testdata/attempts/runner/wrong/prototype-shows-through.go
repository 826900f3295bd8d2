// Decodes into the prototype: gob leaves out zeros, and what is left out stays as it was.
package runner

import (
	"bytes"
	"encoding/gob"
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

var types = map[string]Runner{}

func Register(prototype Runner) {
	types[reflect.TypeOf(prototype).Elem().String()] = prototype
}

func Main() {
	r, ok := types[os.Getenv("RUNNER_TYPE")]
	if !ok {
		return
	}
	if err := gob.NewDecoder(os.Stdin).Decode(r); err != nil {
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
	var fields bytes.Buffer
	if err := gob.NewEncoder(&fields).Encode(p.r); err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "RUNNER_TYPE="+name)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &fields, os.Stdout, os.Stderr
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
