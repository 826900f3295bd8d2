// Before Start the channel is nil: receiving from it blocks for ever, and the Go runtime sees that nobody is left.

package join

import (
	"os"
)

type Process struct {
	args []string
	done chan struct{}
	err  error
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process {
	found, err := os.FindProcess(pid)
	p := &Process{done: make(chan struct{}), err: err}
	go p.wait(found)
	return p
}

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	child, err := os.StartProcess(exe, append([]string{exe}, p.args...), &os.ProcAttr{
		Files: []*os.File{nil, os.Stdout, os.Stderr},
	})
	if err == nil {
		p.done = make(chan struct{})
		go p.wait(child)
	}
	return err
}

func (p *Process) wait(child *os.Process) {
	_, p.err = child.Wait()
	close(p.done)
}

func (p *Process) Join() error {
	<-p.done
	return p.err
}
