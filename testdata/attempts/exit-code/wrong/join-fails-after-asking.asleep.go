// Join looks before it sleeps whether ExitCode has collected the child, and not when it is woken.

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
	mu   sync.Mutex
	code *int
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
	if _, ended := p.ExitCode(); ended {
		return nil
	}
	var status syscall.WaitStatus
	_, err := syscall.Wait4(p.cmd.Process.Pid, &status, 0, nil)
	for err == syscall.EINTR {
		_, err = syscall.Wait4(p.cmd.Process.Pid, &status, 0, nil)
	}
	if err != nil {
		return err
	}
	p.keep(status)
	return nil
}

func (p *Process) keep(status syscall.WaitStatus) {
	p.mu.Lock()
	defer p.mu.Unlock()
	code := Decode(status)
	p.code = &code
}

func (p *Process) ExitCode() (int, bool) {
	p.mu.Lock()
	known := p.code
	p.mu.Unlock()
	if known != nil {
		return *known, true
	}
	if p.cmd.Process == nil {
		return 0, false
	}
	var status syscall.WaitStatus
	if pid, _ := syscall.Wait4(p.cmd.Process.Pid, &status, syscall.WNOHANG, nil); pid != p.cmd.Process.Pid {
		return 0, false
	}
	p.keep(status)
	return Decode(status), true
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
