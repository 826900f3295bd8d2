// Gives a pidfd to the Go runtime's poller, and the limit as a read deadline.

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
	ended, err := p.reap()
	if ended || err != nil || limit <= 0 {
		return ended, err
	}
	fd, err := unix.PidfdOpen(p.pid, unix.PIDFD_NONBLOCK)
	if err != nil {
		return p.reap() // somebody else may have reaped it meanwhile
	}
	file := os.NewFile(uintptr(fd), "pidfd")
	defer file.Close()
	if err := file.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return false, err
	}
	conn, err := file.SyscallConn()
	if err != nil {
		return false, err
	}
	var failed error
	err = conn.Read(func(uintptr) (done bool) {
		ended, failed = p.reap()
		return ended || failed != nil
	})
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return p.reap()
	}
	return ended, errors.Join(failed, err)
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
	return p.status.ExitStatus()
}
