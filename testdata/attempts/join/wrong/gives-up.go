// Waits for a second at most: an error is better than a parent that hangs.

package join

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

type Process struct {
	args []string
	pid  int
	once sync.Once
	done chan struct{}
	err  error
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process { return &Process{pid: pid} }

func (p *Process) Start() (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("join: process not started")
	}
	p.once.Do(func() {
		p.done = make(chan struct{})
		go func() {
			defer close(p.done)
			_, p.err = syscall.Wait4(p.pid, nil, 0, nil)
		}()
	})
	select {
	case <-p.done:
		return p.err
	case <-time.After(time.Second):
		return errors.New("join: the child takes too long")
	}
}
