// Start counts the child before it has started it, and takes it off again when that fails; Join asks only whether Start
// was called.

package exitcode

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
)

type Process struct {
	args    []string
	started bool
	running sync.WaitGroup
	code    atomic.Pointer[int]
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.Command(exe, p.args...)
	p.started = true
	p.running.Add(1)
	if err := child.Start(); err != nil {
		p.running.Done()
		return err
	}
	go func() {
		defer p.running.Done()
		child.Wait()
		code := Decode(child.ProcessState.Sys().(syscall.WaitStatus))
		p.code.Store(&code)
	}()
	return nil
}

func (p *Process) Join() error {
	if !p.started {
		return errors.New("not started")
	}
	p.running.Wait()
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	if code := p.code.Load(); code != nil {
		return *code, true
	}
	return 0, false
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
