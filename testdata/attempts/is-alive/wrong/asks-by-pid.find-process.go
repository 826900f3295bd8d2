// Looks the process up by its PID at every question.

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
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

func (p *Process) IsAlive() bool {
	if p.cmd.Process == nil || state(p.cmd.Process.Pid) == 'Z' {
		return false
	}
	found, err := os.FindProcess(p.cmd.Process.Pid)
	return err == nil && found.Signal(syscall.Signal(0)) == nil
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}

func state(pid int) byte {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	i := bytes.LastIndexByte(b, ')')
	if err != nil || i < 0 {
		return 0
	}
	return b[i+2]
}
