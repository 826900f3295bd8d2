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
	p.cmd = exec.Command(exe, p.args...)
	p.ended = make(chan error, 1)
	err = p.cmd.Start()
	go func() {
		_, err := p.cmd.Process.Wait()
		p.ended <- err
	}()
	return err
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
	return err == nil || err == syscall.EPERM
}
