// Join sleeps in poll on a pidfd, ExitCode polls it without waiting; whoever sees the end first reaps.

package exitcode

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
	fd    int
	mu    sync.Mutex
	ended bool
	code  int
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		return err
	}
	p.fd, err = unix.PidfdOpen(p.pid, 0)
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	for !p.over(-1) {
	}
	p.ExitCode()
	return nil
}

func (p *Process) over(milliseconds int) bool {
	n, _ := unix.Poll([]unix.PollFd{{Fd: int32(p.fd), Events: unix.POLLIN}}, milliseconds)
	return n > 0
}

func (p *Process) ExitCode() (int, bool) {
	if p.pid == 0 || !p.over(0) {
		return 0, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		var status syscall.WaitStatus
		for {
			_, err := syscall.Wait4(p.pid, &status, 0, nil)
			if err != syscall.EINTR {
				break
			}
		}
		p.ended, p.code = true, Decode(status)
	}
	return p.code, true
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
