// Learns of the end from a pidfd and never reaps.

package terminate

import (
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type Process struct {
	args []string
	pid  int
	fd   int
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

func (p *Process) wait(most int) bool {
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(p.fd), Events: unix.POLLIN}}, most)
		if err != unix.EINTR {
			return n == 1
		}
	}
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	p.wait(-1)
	return nil
}

func (p *Process) signal(s syscall.Signal) error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	return unix.PidfdSendSignal(p.fd, s, nil, 0)
}

func (p *Process) Terminate() error { return p.signal(syscall.SIGTERM) }

func (p *Process) Kill() error { return p.signal(syscall.SIGKILL) }

func (p *Process) Stop(grace time.Duration) error {
	err := p.Terminate()
	if err == nil && !p.wait(int(grace.Milliseconds())) {
		err = p.Kill()
		p.wait(-1)
	}
	return err
}
