// Asks Exited whether it has waited already, which is false for a child that was killed.

package join

import (
	"errors"
	"os"
	"sync"
)

type Process struct {
	args  []string
	child *os.Process
	mu    sync.Mutex
	state *os.ProcessState
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process {
	child, _ := os.FindProcess(pid) // never an error on Unix
	return &Process{child: child}
}

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.child, err = os.StartProcess(exe, append([]string{exe}, p.args...), &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
	})
	return err
}

func (p *Process) Join() error {
	if p.child == nil {
		return errors.New("join: process not started")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state != nil && p.state.Exited() {
		return nil
	}
	state, err := p.child.Wait()
	if err == nil {
		p.state = state
	}
	return err
}
