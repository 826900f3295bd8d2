// The goroutine sends one message; of two that wait one gets it, and the other waits on.

package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"time"
)

type Process struct {
	cmd   *exec.Cmd
	ends  chan error
	ended bool
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	return &Process{cmd: exec.Command(exe, args...)}
}

func (p *Process) Start() error {
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.ends = make(chan error, 1)
	go func() {
		state, err := p.cmd.Process.Wait()
		p.cmd.ProcessState = state
		p.ends <- err
	}()
	return nil
}

func (p *Process) Join() error {
	_, err := p.JoinTimeout(24 * time.Hour)
	return err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.ends == nil {
		return false, errors.New("join-timeout: process not started")
	}
	if p.ended {
		return true, nil
	}
	passed := time.After(limit)
	select {
	case err := <-p.ends:
		p.ended = true
		return true, err
	case <-passed:
	}
	select {
	case err := <-p.ends:
		p.ended = true
		return true, err
	default:
		return false, nil
	}
}

func (p *Process) ExitCode() int {
	if !p.ended {
		return -1
	}
	return p.cmd.ProcessState.ExitCode()
}
