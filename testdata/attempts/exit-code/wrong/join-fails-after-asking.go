// Wait of os/exec in Join, wait4 in ExitCode: each takes the status away from the other.

package exitcode

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

type Process struct {
	cmd  *exec.Cmd
	once sync.Once
	mu   sync.Mutex
	code *int
	err  error
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	return &Process{cmd: exec.Command(exe, args...)}
}

func (p *Process) Start() error { return p.cmd.Start() }

func (p *Process) Join() error {
	if p.cmd.Process == nil {
		return errors.New("not started")
	}
	p.once.Do(func() {
		if err := p.cmd.Wait(); p.cmd.ProcessState == nil {
			p.err = err
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		code := Decode(p.cmd.ProcessState.Sys().(syscall.WaitStatus))
		p.code = &code
	})
	return p.err
}

func (p *Process) ExitCode() (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.code == nil && p.cmd.Process != nil {
		var status syscall.WaitStatus
		if pid, _ := syscall.Wait4(p.cmd.Process.Pid, &status, syscall.WNOHANG, nil); pid == p.cmd.Process.Pid {
			code := Decode(status)
			p.code = &code
		}
	}
	if p.code == nil {
		return 0, false
	}
	return *p.code, true
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
