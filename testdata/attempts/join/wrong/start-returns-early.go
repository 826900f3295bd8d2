// Start leaves the starting to a timer, a second later, and a Join that follows at once finds no child.

package join

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

type Process struct {
	args  []string
	pid   int
	mu    sync.Mutex
	ended bool
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process { return &Process{pid: pid} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	time.AfterFunc(time.Second, func() {
		pid, _ := syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
			Env: os.Environ(), Files: []uintptr{0, 1, 2},
		})
		p.mu.Lock()
		p.pid = pid
		p.mu.Unlock()
	})
	return nil
}

func (p *Process) Join() error {
	p.mu.Lock()
	pid := p.pid
	p.mu.Unlock()
	if pid == 0 {
		return errors.New("join: process not started")
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
