// The goroutine offers the end to whoever is in a join just then, once.

package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
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
	// Elsewhere this program listens for signals, as most do.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM)
	return nil
}

func (p *Process) wait() {
	p.state, p.err = p.cmd.Process.Wait()
	select {
	case p.done <- struct{}{}:
	default: // nobody wants to know
	}
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("join-timeout: process not started")
	}
	<-p.done
	return p.err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.done == nil {
		return false, errors.New("join-timeout: process not started")
	}
	select {
	case <-p.done:
		return true, p.err
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
	return p.state.ExitCode()
}
