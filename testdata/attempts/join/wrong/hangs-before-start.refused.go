// Start makes the channel before it starts the child: when that fails, nobody ever closes it.

package join

import (
	"errors"
	"os"
	"syscall"
)

type Process struct {
	args []string
	done chan struct{}
	err  error
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process {
	p := &Process{done: make(chan struct{})}
	go p.wait(pid)
	return p
}

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.done = make(chan struct{})
	pid, err := syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		return err
	}
	go p.wait(pid)
	return nil
}

func (p *Process) wait(pid int) {
	defer close(p.done)
	_, p.err = syscall.Wait4(pid, nil, 0, nil)
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("join: process not started")
	}
	<-p.done
	return p.err
}
