// Lets os/exec do it: cancelling the context asks, and a second context forces.

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
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.ended = make(chan struct{})
	go func() {
		defer close(p.ended)
		p.cmd.Wait()
	}()
	return nil
}

func (p *Process) Join() error { return p.within(context.Background()) }

func (p *Process) within(ctx context.Context) error {
	if p.ended == nil {
		return errors.New("not started")
	}
	select {
	case <-p.ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
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

func (p *Process) Kill() error { return p.send(os.Kill) }

func (p *Process) Stop(grace time.Duration) error {
	if err := p.Terminate(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if p.within(ctx) == nil {
		return nil
	}
	if err := p.Kill(); err != nil {
		return err
	}
	return p.Join()
}
