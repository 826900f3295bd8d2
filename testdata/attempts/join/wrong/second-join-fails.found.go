// Notes the end of a child that it has started; for one that was found every Join waits anew.

package join

import (
	"errors"
	"os"
	"sync"
	"syscall"
)

type Process struct {
	args  []string
	pid   int
	found bool
	mu    sync.Mutex
	ended bool
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process { return &Process{pid: pid, found: true} }

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
	if p.found {
		_, err := syscall.Wait4(p.pid, nil, 0, nil)
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return nil
	}
	_, err := syscall.Wait4(p.pid, nil, 0, nil)
	p.ended = err == nil
	return err
}
