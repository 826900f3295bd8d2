// Waits five milliseconds for the end before it says that there is none.
package isalive

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

type Process struct {
	args   []string
	pid    int
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
	if p.reaped {
		return nil
	}
	_, err := syscall.Wait4(p.pid, nil, 0, nil)
	p.reaped = err == nil
	return err
}

func (p *Process) IsAlive() bool {
	if p.pid == 0 || p.reaped {
		return false
	}
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 5)
		if err != unix.EINTR {
			return n == 0
		}
	}
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}
