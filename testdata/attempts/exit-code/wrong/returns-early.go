// Join starts the waiting and does not wait for it.

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
	go p.once.Do(func() { p.cmd.Wait() })
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	if p.cmd.ProcessState == nil {
		return 0, false
	}
	return Decode(p.cmd.ProcessState.Sys().(syscall.WaitStatus)), true
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
