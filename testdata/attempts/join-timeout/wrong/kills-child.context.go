// exec.CommandContext kills the child when the context with the limit ends.

package jointimeout

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"time"
)

type Process struct {
	cmd    *exec.Cmd
	ctx    context.Context
	cancel context.CancelFunc
	once   sync.Once
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	p := &Process{}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.cmd = exec.CommandContext(p.ctx, exe, args...)
	return p
}

func (p *Process) Start() error { return p.cmd.Start() }

func (p *Process) Join() error {
	if p.cmd.Process == nil {
		return errors.New("join-timeout: process not started")
	}
	p.once.Do(func() { p.cmd.Wait() })
	return nil
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	defer time.AfterFunc(limit, p.cancel).Stop()
	err := p.Join()
	return err == nil && p.cmd.ProcessState.Exited(), err
}

func (p *Process) ExitCode() int { return p.cmd.ProcessState.ExitCode() }
