// Start does not look whether the child could be started; Join says so only later.

package join

import (
	"errors"
	"os"
	"os/exec"
	"sync"
)

type Process struct {
	args   []string
	child  *os.Process
	waited sync.Once
	err    error
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process {
	child, _ := os.FindProcess(pid)
	return &Process{child: child}
}

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, p.args...)
	cmd.Start()
	p.child = cmd.Process
	return nil
}

func (p *Process) Join() error {
	if p.child == nil {
		return errors.New("join: process not started")
	}
	p.waited.Do(func() { _, p.err = p.child.Wait() })
	return p.err
}
