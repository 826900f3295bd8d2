// Every join starts a goroutine that waits; when the later one gets ECHILD, the child has ended, but its status is gone.

package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"time"
)

type Process struct {
	cmd   *exec.Cmd
	state *os.ProcessState
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	return &Process{cmd: exec.Command(exe, args...)}
}

func (p *Process) Start() error { return p.cmd.Start() }

func (p *Process) Join() error {
	_, err := p.JoinTimeout(24 * time.Hour)
	return err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.cmd.Process == nil {
		return false, errors.New("join-timeout: process not started")
	}
	if p.state != nil {
		return true, nil
	}
	ends := make(chan *os.ProcessState, 1)
	go func() {
		state, _ := p.cmd.Process.Wait() // an error: somebody else has waited for it, so it has ended
		ends <- state
	}()
	select {
	case p.state = <-ends:
		return true, nil
	case <-time.After(limit):
		return false, nil
	}
}

func (p *Process) ExitCode() int { return p.state.ExitCode() }
