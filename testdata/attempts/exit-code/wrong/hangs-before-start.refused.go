// Start makes the channel before it starts the child: when that fails, nobody ever closes it.

package exitcode

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

type Process struct {
	args  []string
	ended chan struct{}
	code  int
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.Command(exe, p.args...)
	p.ended = make(chan struct{})
	if err := child.Start(); err != nil {
		return err
	}
	go func() {
		child.Wait()
		p.code = Decode(child.ProcessState.Sys().(syscall.WaitStatus))
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
	select {
	case <-p.ended:
		return p.code, true
	default:
		return 0, false
	}
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
