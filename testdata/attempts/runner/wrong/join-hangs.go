// Waits for the end of a pipe that the parent itself can still write to.
package runner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
)

type Runner interface{ Run() }

type Process struct {
	r     Runner
	cmd   *exec.Cmd
	r2, w *os.File
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
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "RUNNER_TYPE="+name)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(fields), os.Stdout, os.Stderr
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd, p.r2, p.w = cmd, r, w
	return nil
}

func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	io.ReadAll(p.r2)
	return p.cmd.Wait()
}
