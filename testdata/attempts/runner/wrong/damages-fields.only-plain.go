// Sends strings and numbers, and nothing that has parts.
package runner

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
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
	text, _ := io.ReadAll(os.Stdin)
	words := strings.Split(string(text), "\x00")
	for i := 0; i+1 < len(words); i += 2 {
		switch f := reflect.ValueOf(r).Elem().FieldByName(words[i]); f.Kind() {
		case reflect.String:
			f.SetString(words[i+1])
		case reflect.Int:
			n, _ := strconv.ParseInt(words[i+1], 10, 64)
			f.SetInt(n)
		}
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
	var b bytes.Buffer
	for v, i := reflect.ValueOf(p.r).Elem(), 0; i < v.NumField(); i++ {
		fmt.Fprintf(&b, "%s\x00%v\x00", v.Type().Field(i).Name, v.Field(i))
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "RUNNER_TYPE="+name)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &b, os.Stdout, os.Stderr
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
