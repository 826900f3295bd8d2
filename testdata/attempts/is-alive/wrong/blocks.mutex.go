// Join keeps the mutex while it waits.

package isalive

import (
	"errors"
	"os"
	"sync"
	"syscall"
)

type Process struct {
	args   []string
	pid    int
	mutex  sync.Mutex
	reaped bool
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

func (p *Process) wait(options int) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.reaped {
		return nil
	}
	pid, err := syscall.Wait4(p.pid, nil, options, nil)
	p.reaped = pid == p.pid
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	return p.wait(0)
}

func (p *Process) IsAlive() bool {
	if p.pid == 0 {
		return false
	}
	p.wait(syscall.WNOHANG)
	return !p.reaped
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}
