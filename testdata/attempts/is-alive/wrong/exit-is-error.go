// Returns what Cmd.Wait returns, which is an error for every exit status but 0.
package isalive

import (
	"errors"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

type Process struct {
	args   []string
	cmd    *exec.Cmd
	joined bool
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, p.args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	if p.joined {
		return nil
	}
	err := p.cmd.Wait()
	p.joined = true
	return err
}

func (p *Process) IsAlive() bool {
	if p.cmd == nil || p.joined {
		return false
	}
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, p.cmd.Process.Pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	return err == nil && info.Signo == 0
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}
