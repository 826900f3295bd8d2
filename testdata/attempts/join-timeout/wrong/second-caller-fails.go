// Two that wait at the same time both call wait4: one gets ECHILD.

package jointimeout

import (
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type Process struct {
	args   []string
	pid    int
	ended  bool
	status unix.WaitStatus
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
	if p.ended {
		return true, nil
	}
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err != nil {
		return false, err
	}
	defer unix.Close(fd)
	for until := time.Now().Add(limit); ; {
		left := unix.NsecToTimespec(max(0, int64(time.Until(until))))
		n, err := unix.Ppoll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, &left, nil)
		if err == unix.EINTR {
			continue
		}
		if n > 0 {
			_, err = unix.Wait4(p.pid, &p.status, 0, nil)
			p.ended = err == nil
		}
		return n > 0, err
	}
}

func (p *Process) ExitCode() int {
	if !p.ended {
		return -1
	}
	return p.status.ExitStatus()
}
