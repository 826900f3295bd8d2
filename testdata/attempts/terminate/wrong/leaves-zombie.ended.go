// Stop sees that the child has ended already, and leaves without reaping it.

package terminate

import (
	"errors"
	"math"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type Process struct {
	args   []string
	fd     int
	reap   sync.Once
	err    error
	exists bool
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	_, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{PidFD: &p.fd},
	})
	p.exists = err == nil
	return err
}

// wait sleeps until the child has ended, at most so many milliseconds.
func (p *Process) wait(most int) bool {
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(p.fd), Events: unix.POLLIN}}, most)
		if err != unix.EINTR {
			return n == 1
		}
	}
}

func (p *Process) Join() error {
	if !p.exists {
		return errors.New("not started")
	}
	p.wait(-1)
	p.reap.Do(func() { p.err = unix.Waitid(unix.P_PIDFD, p.fd, nil, unix.WEXITED, nil) })
	return p.err
}

func (p *Process) signal(s unix.Signal) error {
	if !p.exists {
		return errors.New("not started")
	}
	if err := unix.PidfdSendSignal(p.fd, s, nil, 0); err != unix.ESRCH {
		return err
	}
	return nil
}

func (p *Process) Terminate() error { return p.signal(unix.SIGTERM) }

func (p *Process) Kill() error { return p.signal(unix.SIGKILL) }

// milliseconds are what poll takes: 24 days are for ever, and what is over already is over.
func milliseconds(grace time.Duration) int {
	if grace > math.MaxInt32*time.Millisecond {
		return -1
	}
	return max(0, int(grace.Milliseconds()))
}

func (p *Process) Stop(grace time.Duration) error {
	if p.exists && p.wait(0) {
		return nil
	}
	err := p.Terminate()
	if err == nil && !p.wait(milliseconds(grace)) {
		err = p.Kill()
	}
	return errors.Join(err, p.Join())
}
