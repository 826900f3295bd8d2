// Keeps the error of a join that came before Start, and gives it to all later ones.

package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"time"
)

type Process struct {
	cmd   *exec.Cmd
	done  chan struct{} // closed at the end
	state *os.ProcessState
	err   error
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	return &Process{cmd: exec.Command(exe, args...)}
}

func (p *Process) Start() error {
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.done = make(chan struct{})
	go p.wait()
	return nil
}

func (p *Process) wait() {
	defer close(p.done)
	p.state, p.err = p.cmd.Process.Wait()
}

func (p *Process) Join() error {
	if p.done == nil {
		p.err = errors.New("join-timeout: process not started")
	}
	if p.err != nil {
		return p.err
	}
	<-p.done
	return p.err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.done == nil {
		p.err = errors.New("join-timeout: process not started")
	}
	if p.err != nil {
		return false, p.err
	}
	select {
	case <-p.done:
	case <-time.After(limit):
	}
	select {
	case <-p.done:
		return true, p.err
	default:
		return false, nil
	}
}

func (p *Process) ExitCode() int {
	select {
	case <-p.done:
		return p.state.ExitCode()
	default:
		return -1
	}
}
