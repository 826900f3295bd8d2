// Every join starts a goroutine with Cmd.Wait, which may be called once.

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
	ends := make(chan error, 1)
	go func() { ends <- p.cmd.Wait() }()
	select {
	case err := <-ends:
		p.state = p.cmd.ProcessState
		var status *exec.ExitError
		if errors.As(err, &status) {
			err = nil
		}
		return true, err
	case <-time.After(limit):
		return false, nil
	}
}

func (p *Process) ExitCode() int { return p.state.ExitCode() }
