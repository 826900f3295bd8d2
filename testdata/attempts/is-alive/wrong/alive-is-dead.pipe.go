// Takes the end of a pipe that the child inherits for the end of the child.
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
	pipe   *os.File
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, p.args...)
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer w.Close()
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd, p.pipe = cmd, r
	return nil
}

func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	if p.joined {
		return nil
	}
	p.joined = true
	_, err := p.cmd.Process.Wait()
	return err
}

func (p *Process) IsAlive() bool {
	if p.cmd == nil || p.joined {
		return false
	}
	n, _ := unix.Poll([]unix.PollFd{{Fd: int32(p.pipe.Fd()), Events: unix.POLLIN}}, 0)
	return n == 0
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}
