// Polls a pidfd, and takes a signal that comes before the end (EINTR) for a failure.

package join

import (
	"errors"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
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
	if pid, err := syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil); pid != 0 || err != nil {
		p.ended = err == nil
		return err
	}
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, interrupted := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
	pid, err := syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
	if pid == 0 {
		return interrupted
	}
	p.ended = err == nil
	return err
}
