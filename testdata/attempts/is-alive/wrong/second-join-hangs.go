// The end is one value in a channel, which the first Join takes out.
package isalive

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

type Process struct {
	args   []string
	ended  chan error
	pid    int
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
	p.ended = make(chan error, 1)
	p.pid = cmd.Process.Pid
	go func() {
		_, err := cmd.Process.Wait()
		p.ended <- err
	}()
	return nil
}

func (p *Process) Join() error {
	if p.ended == nil {
		return errors.New("not started")
	}
	err := <-p.ended
	p.joined = true
	return err
}

func (p *Process) IsAlive() bool {
	return p.ended != nil && !p.joined && len(p.ended) == 0
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}
