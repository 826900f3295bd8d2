// Gob in a temporary file that is already unlinked; os.StartProcess; a goroutine waits.
package runner

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
)

type Runner interface{ Run() }

type Process struct {
	r     Runner
	ended chan bool
	err   error
}

var types = map[string]reflect.Type{}

func Register(prototype Runner) {
	t := reflect.TypeOf(prototype).Elem()
	types[t.PkgPath()+"."+t.Name()] = t
}

func Main() {
	if len(os.Args) < 3 || os.Args[1] != "--child" {
		return
	}
	t := types[os.Args[2]]
	r := reflect.New(t).Interface().(Runner)
	if err := gob.NewDecoder(os.NewFile(3, "fields")).Decode(r); err != nil {
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
	f, err := os.CreateTemp("", "runner")
	if err != nil {
		return err
	}
	defer f.Close()
	os.Remove(f.Name())
	if err := gob.NewEncoder(f).Encode(p.r); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	child, err := os.StartProcess(exe, []string{exe, "--child", name}, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr, f}})
	if err != nil {
		return err
	}
	p.ended = make(chan bool)
	go func() {
		defer close(p.ended)
		state, err := child.Wait()
		if err == nil && !state.Success() {
			err = errors.New(state.String())
		}
		p.err = err
	}()
	return nil
}

func (p *Process) Join() error {
	if p.ended == nil {
		return errors.New("not started")
	}
	<-p.ended
	return p.err
}
