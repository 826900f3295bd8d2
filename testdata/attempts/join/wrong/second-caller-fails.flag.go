// Whoever comes second while the first one waits is told that a join is going on.

package join

import (
	"errors"
	"os"
	"os/exec"
	"sync"
)

type Process struct {
	cmd *exec.Cmd
	mu  sync.Mutex
	err error
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	return &Process{cmd: exec.Command(exe, args...)}
}

func Find(pid int) *Process {
	found, _ := os.FindProcess(pid)
	return &Process{cmd: &exec.Cmd{Process: found}}
}

func (p *Process) Start() error { return p.cmd.Start() }

func (p *Process) Join() error {
	if p.cmd.Process == nil {
		return errors.New("join: process not started")
	}

	if !p.mu.TryLock() {
		return errors.New("join: somebody is waiting already")
	}
	defer p.mu.Unlock()
	if p.cmd.ProcessState == nil {
		p.cmd.ProcessState, p.err = p.cmd.Process.Wait()
	}
	return p.err
}
