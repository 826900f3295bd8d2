// Asks with signal 0 through os.Process, whose pidfd cannot lead to a stranger, and looks at the state for a zombie.

package isalive

import (
	"bytes"
	"errors"
	"fmt"
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

func (p *Process) Start() error { return p.cmd.Start() }

func (p *Process) Join() error {
	if p.cmd.ProcessState != nil {
		return nil
	}
	var exit *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

func (p *Process) IsAlive() bool {
	if p.cmd.Process == nil || p.cmd.Process.Signal(syscall.Signal(0)) != nil {
		return false
	}
	return state(p.cmd.Process.Pid) != 'Z'
}

func Exists(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return pid > 0 && (err == nil || errors.Is(err, os.ErrPermission))
}

func state(pid int) byte {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	i := bytes.LastIndexByte(b, ')')
	if err != nil || i < 0 {
		return 0
	}
	return b[i+2]
}
