// New starts the child already.

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
	cmd     *exec.Cmd
	started bool
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	p := &Process{cmd: exec.Command(exe, args...)}
	p.cmd.Start()
	return p
}

func (p *Process) Start() error {
	p.started = true
	return nil
}

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

func (p *Process) IsAlive() bool {
	return p.started && state(p.cmd.Process.Pid) != 'Z' && p.cmd.ProcessState == nil
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}

func state(pid int) byte {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	i := bytes.LastIndexByte(b, ')')
	if err != nil || i < 0 {
		return 0
	}
	return b[i+2]
}
