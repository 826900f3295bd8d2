// New starts the child already, and Start only tells whether that went well.

package join

import (
	"os"
	"os/exec"
	"sync"
)

type Process struct {
	cmd     *exec.Cmd
	once    sync.Once
	err     error
	started error
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	cmd := exec.Command(exe, args...)
	return &Process{cmd: cmd, started: cmd.Start()}
}

func Find(pid int) *Process {
	found, _ := os.FindProcess(pid)
	return &Process{cmd: &exec.Cmd{Process: found}}
}

func (p *Process) Start() error { return p.started }

func (p *Process) Join() error {
	p.once.Do(func() { _, p.err = p.cmd.Process.Wait() })
	return p.err
}
