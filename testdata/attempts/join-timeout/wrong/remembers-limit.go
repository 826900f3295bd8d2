// The first join with a limit sets the point in time at which all joins give up.

package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"time"
)

type Process struct {
	cmd   *exec.Cmd
	done  chan struct{} // closed at the end
	state *os.ProcessState
	err   error
	mu    sync.Mutex
	until time.Time
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
		return errors.New("join-timeout: process not started")
	}
	<-p.done
	return p.err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.done == nil {
		return false, errors.New("join-timeout: process not started")
	}
	p.mu.Lock()
	if p.until.IsZero() {
		p.until = time.Now().Add(limit)
	}
	limit = time.Until(p.until)
	p.mu.Unlock()
	if limit <= 0 {
		return false, nil
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
