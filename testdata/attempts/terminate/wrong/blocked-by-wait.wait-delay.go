// Leaves Stop to os/exec: Cancel asks, and WaitDelay is the grace. It is that of the first Stop, also for a second one.

package terminate

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
)

type Process struct {
	args   []string
	cmd    *exec.Cmd
	cancel context.CancelFunc
	ended  chan struct{}
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cmd = exec.CommandContext(ctx, exe, p.args...)
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	if err := p.cmd.Start(); err != nil {
		cancel()
		return err
	}
	p.cancel, p.ended = cancel, make(chan struct{})
	go func() {
		p.cmd.Wait()
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

func (p *Process) send(s os.Signal) error {
	if p.ended == nil {
		return errors.New("not started")
	}
	if err := p.cmd.Process.Signal(s); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

func (p *Process) Terminate() error { return p.send(syscall.SIGTERM) }

func (p *Process) Kill() error { return p.send(syscall.SIGKILL) }

func (p *Process) Stop(grace time.Duration) error {
	if p.ended == nil {
		return errors.New("not started")
	}
	p.cmd.WaitDelay = max(grace, 1) // 0 stands for ever
	p.cancel()
	return p.Join()
}
