// Only the question takes a child that is stopped for one that has ended.

package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

type Process struct {
	cmd *exec.Cmd

	sync.RWMutex
	fd   int
	code int
	over bool
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	return &Process{cmd: exec.Command(exe, args...), code: -1}
}

func (p *Process) Start() error {
	p.Lock()
	defer p.Unlock()
	p.cmd.SysProcAttr = &unix.SysProcAttr{PidFD: &p.fd}
	return p.cmd.Start()
}

func (p *Process) Join() error {
	_, err := p.wait(nil)
	return err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) { return p.wait(&limit) }

func (p *Process) wait(limit *time.Duration) (bool, error) {
	p.RLock()
	fd, over := p.fd, p.over
	p.RUnlock()
	if fd == 0 {
		return false, errors.New("before Start")
	}
	if over {
		return true, nil
	}
	if limit != nil && *limit <= 0 {
		return p.collect(unix.WNOHANG | unix.WUNTRACED)
	}
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return false, err
	}
	defer unix.Close(ep)
	if err := unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: 1}); err != nil {
		return false, err
	}
	if limit != nil {
		t, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC)
		if err != nil {
			return false, err
		}
		defer unix.Close(t)
		if err := unix.TimerfdSettime(t, 0, &unix.ItimerSpec{Value: unix.NsecToTimespec(int64(*limit))}, nil); err != nil {
			return false, err
		}
		if err := unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, t, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: 2}); err != nil {
			return false, err
		}
	}
	for {
		events := make([]unix.EpollEvent, 2)
		n, err := unix.EpollWait(ep, events, -1)
		if err != nil && err != unix.EINTR {
			return false, err
		}
		for _, e := range events[:max(n, 0)] {
			if e.Fd == 1 {
				return p.collect(0)
			}
		}
		if n > 0 {
			return false, nil
		}
	}
}

func (p *Process) collect(how int) (bool, error) {
	p.Lock()
	defer p.Unlock()
	for !p.over {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(p.cmd.Process.Pid, &ws, how, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return false, err
		case pid == 0:
			return false, nil
		default:
			p.over, p.code = true, ws.ExitStatus()
		}
	}
	return true, nil
}

func (p *Process) ExitCode() int {
	p.RLock()
	defer p.RUnlock()
	return p.code
}
