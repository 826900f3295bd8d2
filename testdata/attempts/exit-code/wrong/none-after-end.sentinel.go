// Until the end the code is -1, as Go's ProcessState says it; a child that SIGHUP has killed has that code too.

package exitcode

import (
	"errors"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
)

type Process struct {
	args  []string
	ended chan struct{}
	code  atomic.Int64
}

func New(args ...string) *Process {
	p := &Process{args: args}
	p.code.Store(-1)
	return p
}

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.Command(exe, p.args...)
	if err := child.Start(); err != nil {
		return err
	}
	p.ended = make(chan struct{})
	go func() {
		child.Wait()
		p.code.Store(int64(Decode(child.ProcessState.Sys().(syscall.WaitStatus))))
		close(p.ended)
	}()
	return nil
}

func (p *Process) Join() error {
	if p.ended == nil {
		return errors.New("not started")
	}
	<-p.ended
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	code := int(p.code.Load())
	return code, code != -1
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
