// Start does not look whether the child could be started; the joins say so only later.

package jointimeout

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"time"
)

type Process struct {
	args  []string
	child *os.Process
	alive context.Context // cancelled at the end; nil before Start
	state *os.ProcessState
	err   error
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, p.args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Start()
	if p.child = cmd.Process; p.child == nil {
		return nil
	}
	alive, end := context.WithCancel(context.Background())
	p.alive = alive
	go func() {
		p.state, p.err = p.child.Wait()
		end()
	}()
	return nil
}

func (p *Process) Join() error {
	_, err := p.wait(context.Background())
	return err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return p.wait(ctx)
}

func (p *Process) wait(ctx context.Context) (bool, error) {
	if p.alive == nil {
		return false, errors.New("join-timeout: process not started")
	}
	select {
	case <-p.alive.Done():
	case <-ctx.Done():
	}
	if p.alive.Err() == nil {
		return false, nil
	}
	return true, p.err
}

func (p *Process) ExitCode() int {
	if p.alive == nil || p.alive.Err() == nil {
		return -1
	}
	return p.state.ExitCode()
}
