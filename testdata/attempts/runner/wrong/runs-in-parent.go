// Start calls Run.
package runner

import (
	"errors"
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
	p.r.Run()
	close(p.done)
	return nil
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("not started")
	}
	<-p.done
	return nil
}
