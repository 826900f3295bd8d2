// A goroutine is not a process.
package target

import (
	"errors"
	"fmt"
)

type Func func(args []string, kwargs map[string]string)

type Options struct {
	Target string
	Args   []string
	Kwargs map[string]string
	Name   string
}

type Process struct {
	o       Options
	started bool
	done    chan bool
}

var (
	functions = map[string]Func{}
	created   int
)

func Register(name string, f Func) { functions[name] = f }

func Main() {}

func New(o Options) *Process {
	created++
	if o.Name == "" {
		o.Name = fmt.Sprint("Process-", created)
	}
	return &Process{o: o, done: make(chan bool)}
}

func (p *Process) Start() error {
	if p.started {
		return errors.New("already started")
	}
	if p.o.Target != "" && functions[p.o.Target] == nil {
		return fmt.Errorf("unknown target %q", p.o.Target)
	}
	p.started = true
	go func() {
		defer close(p.done)
		if p.o.Target != "" {
			functions[p.o.Target](p.o.Args, p.o.Kwargs)
		}
	}()
	return nil
}

func (p *Process) Wait() error { <-p.done; return nil }

func (p *Process) PID() int { return 0 }

func (p *Process) Name() string { return p.o.Name }
