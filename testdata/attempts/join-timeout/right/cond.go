// The first join starts the one goroutine that waits; the joins wait at a sync.Cond, which a timer wakes at the limit.

package jointimeout

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

type Process struct {
	args []string
	pid  int

	mu      sync.Mutex
	changed *sync.Cond // nil before Start
	waiting bool
	ended   bool
	status  syscall.WaitStatus
	err     error
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
	p.changed = sync.NewCond(&p.mu)
	return err
}

func (p *Process) Join() error {
	_, err := p.wait(func() bool { return false })
	return err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	until := time.Now().Add(limit)
	if p.pid != 0 && limit > 0 {
		timer := time.AfterFunc(limit, func() {
			p.mu.Lock() // not between somebody's question and his sleep
			defer p.mu.Unlock()
			p.changed.Broadcast()
		})
		defer timer.Stop()
	}
	return p.wait(func() bool { return !time.Now().Before(until) })
}

func (p *Process) wait(passed func() bool) (bool, error) {
	if p.pid == 0 {
		return false, errors.New("join-timeout: process not started")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.waiting { // nobody waits yet, so the question is ours to ask
		pid, err := syscall.Wait4(p.pid, &p.status, syscall.WNOHANG, nil)
		if err != nil {
			return false, err
		}
		p.waiting, p.ended = true, pid == p.pid
		if !p.ended {
			go p.reap()
		}
	}
	for !p.ended && !passed() {
		p.changed.Wait()
	}
	return p.ended, p.err
}

func (p *Process) reap() {
	var status syscall.WaitStatus
	_, err := syscall.Wait4(p.pid, &status, 0, nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended, p.status, p.err = true, status, err
	p.changed.Broadcast()
}

func (p *Process) ExitCode() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		return -1
	}
	return p.status.ExitStatus()
}
