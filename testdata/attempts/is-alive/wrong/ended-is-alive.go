// A goroutine reaps, but IsAlive is told by Join only.

package isalive

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

type Process struct {
	args   []string
	cmd    *exec.Cmd
	ended  chan error
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
	p.ended = make(chan error, 1)
	go func() {
		_, err := cmd.Process.Wait()
		p.ended <- err
	}()
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
	return <-p.ended
}

func (p *Process) IsAlive() bool { return p.cmd != nil && !p.joined }

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}
