// Every join starts a goroutine that waits, one after the other; ECHILD means that the child has ended, and its status is gone.

package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

type Process struct {
	cmd   *exec.Cmd
	mu    sync.Mutex
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
	if limit <= 0 {
		return p.state != nil, nil
	}
	if p.state != nil {
		return true, nil
	}
	ends := make(chan error, 1)
	var givenUp atomic.Bool
	go func() { ends <- p.wait(&givenUp) }()
	select {
	case err := <-ends:
		return true, err
	case <-time.After(limit):
		givenUp.Store(true)
		return false, nil
	}
}

// wait notes the end, unless nobody wants to know any more.
func (p *Process) wait(givenUp *atomic.Bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	state, _ := p.cmd.Process.Wait() // an error: an earlier one has waited for it, so it has ended
	if !givenUp.Load() {
		p.state = state
	}
	return nil
}

func (p *Process) ExitCode() int { return p.state.ExitCode() }
