// Waits with WUNTRACED, which comes back for a stopped child too.

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
	_, err := syscall.Wait4(p.pid, nil, syscall.WUNTRACED, nil)
	p.ended = err == nil
	return err
}
