// Join waits for the child every time, and the second time there is nothing to wait for.

package exitcode

import (
	"errors"
	"os"
	"sync"
	"syscall"
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
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(p.pid, &status, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		p.ended, p.code = true, Decode(status)
		return nil
	}
}

func (p *Process) ExitCode() (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pid > 0 && !p.ended {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(p.pid, &status, syscall.WNOHANG, nil)
		if err == nil && pid == p.pid {
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
