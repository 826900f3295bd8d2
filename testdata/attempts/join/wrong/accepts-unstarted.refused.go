// Notes that it has started before it has: after a start that failed, Join waits for nobody and says that all is well.

package join

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

type Process struct {
	args    []string
	started bool
	found   int
	cmd     *exec.Cmd
	waited  sync.Once
	err     error
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process { return &Process{started: true, found: pid} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.started = true
	p.cmd = exec.Command(exe, p.args...)
	return p.cmd.Start()
}

func (p *Process) Join() error {
	if !p.started {
		return errors.New("join: process not started")
	}
	p.waited.Do(func() {
		if p.found > 0 {
			_, p.err = syscall.Wait4(p.found, nil, 0, nil)
		} else if p.cmd.Process != nil {
			_, p.err = p.cmd.Process.Wait()
		}
	})
	return p.err
}
