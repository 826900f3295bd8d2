// Remembers that a Join was called, not that it came back.

package join

import (
	"errors"
	"os"
	"os/exec"
	"sync"
)

type Process struct {
	cmd    *exec.Cmd
	mu     sync.Mutex
	joined bool
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

	p.mu.Lock()
	joined := p.joined
	p.joined = true
	p.mu.Unlock()
	if joined {
		return nil
	}
	_, err := p.cmd.Process.Wait()
	return err
}
