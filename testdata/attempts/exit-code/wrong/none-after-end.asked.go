// ExitCode collects the child, and keeps the status of one that has exited; that of one that was killed is lost.

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
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	// The end without the status, so that the lock is free meanwhile.
	unix.Waitid(unix.P_PID, p.pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	var status syscall.WaitStatus
	if pid, _ := syscall.Wait4(p.pid, &status, 0, nil); pid == p.pid {
		p.ended, p.code = true, Decode(status)
	}
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pid > 0 && !p.ended {
		var status syscall.WaitStatus
		pid, _ := syscall.Wait4(p.pid, &status, syscall.WNOHANG, nil)
		if pid == p.pid && status.Exited() {
			p.ended, p.code = true, Decode(status)
		}
	}
	return p.code, p.ended
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
