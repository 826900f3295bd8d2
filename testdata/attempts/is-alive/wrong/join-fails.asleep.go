// Join looks before it sleeps whether IsAlive has reaped, and not when it is woken.

package isalive

import (
	"errors"
	"os"
	"sync/atomic"
	"syscall"
)

type Process struct {
	args   []string
	pid    int
	reaped atomic.Bool
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	if p.reaped.Load() {
		return nil
	}
	_, err := syscall.Wait4(p.pid, nil, 0, nil)
	for err == syscall.EINTR {
		_, err = syscall.Wait4(p.pid, nil, 0, nil)
	}
	if err == nil {
		p.reaped.Store(true)
	}
	return err
}

func (p *Process) IsAlive() bool {
	if p.pid == 0 || p.reaped.Load() {
		return false
	}
	pid, err := syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
	if err == nil && pid == p.pid {
		p.reaped.Store(true)
	}
	return err == nil && pid == 0
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}
