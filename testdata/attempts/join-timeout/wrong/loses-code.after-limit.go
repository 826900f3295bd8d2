// The goroutine hands the status to the join that waits, and drops it when there is none.

package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"sync/atomic"
	"time"
)

type Process struct {
	cmd     *exec.Cmd
	done    chan struct{} // closed at the end
	state   *os.ProcessState
	err     error
	waiting atomic.Int32
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
	state, err := p.cmd.Process.Wait()
	if p.waiting.Load() > 0 {
		p.state, p.err = state, err
	}
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("join-timeout: process not started")
	}
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
	<-p.done
	return p.err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.done == nil {
		return false, errors.New("join-timeout: process not started")
	}
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
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
	select {
	case <-p.done:
		return p.state.ExitCode()
	default:
		return -1
	}
}
