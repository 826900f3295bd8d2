// Join holds the mutex while it waits, and signals need it.

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
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
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
	if err := p.Terminate(); err != nil || p.reaped {
		return err
	}
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, max(0, int(grace.Milliseconds())))
	for err == unix.EINTR {
		n, err = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, max(0, int(grace.Milliseconds())))
	}
	if n == 0 {
		p.Kill()
	}
	return p.Join()
}
