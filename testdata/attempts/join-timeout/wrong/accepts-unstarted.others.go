// Before Start the PID is 0, and wait4(0) is left to refuse: it does (ECHILD) as long as the caller has no other child.

package jointimeout

import (
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
	if ended, err := p.reap(); ended || err != nil || limit <= 0 {
		return ended, err
	}
	child, err := unix.PidfdOpen(p.pid, 0)
	if err != nil {
		return p.reap() // somebody else may have reaped it meanwhile
	}
	defer unix.Close(child)
	passed, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC)
	if err != nil {
		return false, err
	}
	defer unix.Close(passed)
	once := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(limit))}
	if err := unix.TimerfdSettime(passed, 0, &once, nil); err != nil {
		return false, err
	}
	for {
		fds := []unix.PollFd{{Fd: int32(child), Events: unix.POLLIN}, {Fd: int32(passed), Events: unix.POLLIN}}
		if _, err := unix.Poll(fds, -1); err != unix.EINTR {
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
	return p.status.ExitStatus()
}
