// Start runs the child to its end.

package isalive

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

type Process struct {
	cmd *exec.Cmd
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	return &Process{cmd: exec.Command(exe, args...)}
}

func (p *Process) Start() error { return p.cmd.Run() }

func (p *Process) Join() error {
	if p.cmd.ProcessState != nil {
		return nil
	}
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

func (p *Process) IsAlive() bool { return p.cmd.Process != nil && p.cmd.ProcessState == nil }

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}
