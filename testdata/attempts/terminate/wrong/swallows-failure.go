// Start does not look whether the child could be started; the others say so only later.

package terminate

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
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
	p.pid, _ = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	return nil
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	// Leaves the zombie, so that the PID stays the child's. ECHILD: another goroutine has reaped it.
	if err := unix.Waitid(unix.P_PID, p.pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != nil && err != unix.ECHILD {
		return err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.reaped {
		return nil
	}
	p.reaped = true
	_, err := syscall.Wait4(p.pid, nil, 0, nil)
	return err
}

func (p *Process) signal(s syscall.Signal) error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.reaped {
		return nil
	}
	return syscall.Kill(p.pid, s)
}

func (p *Process) Terminate() error { return p.signal(syscall.SIGTERM) }

func (p *Process) Kill() error { return p.signal(syscall.SIGKILL) }

func (p *Process) Stop(grace time.Duration) error {
	if err := p.Terminate(); err != nil {
		return err
	}
	force := time.AfterFunc(grace, func() { p.Kill() })
	defer force.Stop()
	return p.Join()
}
