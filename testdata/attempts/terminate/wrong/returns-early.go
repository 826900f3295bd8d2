// Stop asks and sets a timer, and leaves the waiting to Join.

package terminate

import (
	"errors"
	"os"
	"syscall"
	"time"
)

type Process struct {
	args   []string
	pid    int
	reaped bool
	force  *time.Timer
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
	if p.reaped {
		return nil
	}
	_, err := syscall.Wait4(p.pid, nil, 0, nil)
	p.reaped = err == nil
	return err
}

func (p *Process) signal(s syscall.Signal) error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	if p.reaped {
		return nil
	}
	return syscall.Kill(p.pid, s)
}

func (p *Process) Terminate() error { return p.signal(syscall.SIGTERM) }

func (p *Process) Kill() error { return p.signal(syscall.SIGKILL) }

func (p *Process) Stop(grace time.Duration) error {
	if err := p.Terminate(); err != nil || p.reaped {
		return err
	}
	p.force = time.AfterFunc(max(grace, time.Minute), func() { p.Kill() })
	return nil
}
