// Collects the child's output in a buffer: Cmd.Wait then waits for everybody who can still write to it.

package join

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"sync"
)

type Process struct {
	start  func() (*exec.Cmd, error)
	child  *exec.Cmd // nil before Start
	output bytes.Buffer
	waited sync.Once
	err    error
}

func New(args ...string) *Process {
	p := &Process{}
	p.start = func() (*exec.Cmd, error) {
		exe, err := os.Executable()
		if err != nil {
			return nil, err
		}
		cmd := exec.Command(exe, args...)
		cmd.Stdout, cmd.Stderr = &p.output, &p.output
		return cmd, cmd.Start()
	}
	return p
}

func Find(pid int) *Process {
	found, err := os.FindProcess(pid)
	return &Process{child: &exec.Cmd{Process: found}, err: err}
}

func (p *Process) Start() (err error) {
	p.child, err = p.start()
	return err
}

func (p *Process) Join() error {
	if p.child == nil {
		return errors.New("join: process not started")
	}
	p.waited.Do(func() {
		var status *exec.ExitError
		if p.err = p.child.Wait(); errors.As(p.err, &status) {
			p.err = nil
		}
	})
	return p.err
}
