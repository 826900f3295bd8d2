// Every join starts a goroutine that waits; the first one, which gave up, gets the end, and the later one an error.

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
	type end struct {
		state *os.ProcessState
		err   error
	}
	ends := make(chan end, 1)
	go func() {
		state, err := p.cmd.Process.Wait()
		ends <- end{state, err}
	}()
	select {
	case e := <-ends:
		p.state = e.state
		return true, e.err
	case <-time.After(limit):
		return false, nil
	}
}

func (p *Process) ExitCode() int { return p.state.ExitCode() }
