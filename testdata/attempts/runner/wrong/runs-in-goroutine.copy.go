// A copy of the fields, and still the same process.
package runner

import (
	"encoding/json"
	"errors"
	"reflect"
)

type Runner interface{ Run() }

type Process struct {
	r    Runner
	done chan bool
}

func Register(prototype Runner) {}

func Main() {}

func New(r Runner) *Process { return &Process{r: r} }

func (p *Process) Start() error {
	p.done = make(chan bool)
	r := clone(p.r)
	go func() {
		r.Run()
		close(p.done)
	}()
	return nil
}

func clone(r Runner) Runner {
	b, _ := json.Marshal(r)
	c := reflect.New(reflect.TypeOf(r).Elem()).Interface().(Runner)
	json.Unmarshal(b, c)
	return c
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("not started")
	}
	<-p.done
	return nil
}
