// Sleeps until a SIGCHLD or a timer comes, and then asks without waiting.

package jointimeout

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

type Process struct {
	args []string
	pid  int

	mu     sync.Mutex
	ended  bool
	status syscall.WaitStatus
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	return err
}

func (p *Process) Join() error {
	_, err := p.wait(nil)
	return err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	return p.wait(time.After(limit))
}

func (p *Process) wait(passed <-chan time.Time) (bool, error) {
	if p.pid == 0 {
		return false, errors.New("join-timeout: process not started")
	}
	changed := make(chan os.Signal, 1)
	signal.Notify(changed, syscall.SIGCHLD)
	defer signal.Stop(changed)
	for {
		if ended, err := p.reap(); ended || err != nil {
			return ended, err
		}
		select {
		case <-changed:
		case <-passed:
			return p.reap()
		}
	}
}

// reap asks without waiting.
func (p *Process) reap() (ended bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return true, nil
	}
	pid, err := syscall.Wait4(p.pid, &p.status, syscall.WNOHANG, nil)
	p.ended = pid == p.pid
	return p.ended, err
}

func (p *Process) ExitCode() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		return -1
	}
	return p.status.ExitStatus()
}
