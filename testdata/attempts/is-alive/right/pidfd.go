// Keeps a pidfd, which is readable at the end of this one process and never leads to another.

package isalive

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

type Process struct {
	args    []string
	pid, fd int
	reaped  bool
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	if err == nil {
		p.fd, err = unix.PidfdOpen(p.pid, 0)
	}
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

func (p *Process) IsAlive() bool {
	if p.pid == 0 {
		return false
	}
	n, _ := unix.Poll([]unix.PollFd{{Fd: int32(p.fd), Events: unix.POLLIN}}, 0)
	return n == 0
}

func Exists(pid int) bool {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return err != unix.ESRCH && pid > 0
	}
	unix.Close(fd)
	return true
}
