// Ignores SIGCHLD: the kernel clears the children away by itself, and wait4 sleeps until there is none.

package join

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

type Process struct {
	args  []string
	pid   int
	own   bool // started here
	mu    sync.Mutex
	ended bool
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process { return &Process{pid: pid} }

func (p *Process) Start() (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGCHLD)
	p.own = true
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("join: process not started")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return nil
	}
	_, err := syscall.Wait4(p.pid, nil, 0, nil)
	if p.own && err == syscall.ECHILD { // it was ours, so it has ended
		err = nil
	}
	p.ended = err == nil
	return err
}
