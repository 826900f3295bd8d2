// The channel of the last child is a variable of the package, and everybody waits for that.

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

var last chan struct{} // closed at the end of the child

func New(args ...string) *Process {
	exe, _ := os.Executable()
	return &Process{cmd: exec.Command(exe, args...)}
}

func (p *Process) Start() error {
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.done = make(chan struct{})
	last = p.done
	go p.wait()
	return nil
}

func (p *Process) wait() {
	defer close(p.done)
	p.state, p.err = p.cmd.Process.Wait()
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("join-timeout: process not started")
	}
	<-last
	return p.err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.done == nil {
		return false, errors.New("join-timeout: process not started")
	}
	select {
	case <-last:
	case <-time.After(limit):
	}
	select {
	case <-last:
		return true, p.err
	default:
		return false, nil
	}
}

func (p *Process) ExitCode() int {
	select {
	case <-last:
		return p.state.ExitCode()
	default:
		return -1
	}
}
