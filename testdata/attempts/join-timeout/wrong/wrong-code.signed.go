// Keeps the exit status in eight bits with a sign, so that 255 becomes -1.

package jointimeout

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type Process struct {
	args []string
	pid  int

	mu     sync.Mutex
	ended  bool
	status syscall.WaitStatus
}

func New(args ...string) *Process { return &Process{args: args} }

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
	for {
		if ended, err := p.JoinTimeout(24 * time.Hour); ended || err != nil {
			return err
		}
	}
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.pid == 0 {
		return false, errors.New("join-timeout: process not started")
	}
	if ended, err := p.reap(); ended || err != nil || limit <= 0 {
		return ended, err
	}
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err != nil {
		return p.reap()
	}
	defer unix.Close(fd)
	for until := time.Now().Add(limit); ; limit = time.Until(until) {
		left := unix.NsecToTimespec(max(int64(limit), 0))
		if _, err := unix.Ppoll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, &left, nil); err != unix.EINTR {
			return p.reap()
		}
	}
}

// reap asks without waiting.
func (p *Process) reap() (ended bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return true, nil
	}
	pid, err := syscall.Wait4(p.pid, &p.status, syscall.WNOHANG, nil)
	p.ended = pid == p.pid
	return p.ended, err
}

func (p *Process) ExitCode() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		return -1
	}
	return int(int8(p.status.ExitStatus()))
}
