// Only who has exited has ended: for a child that was killed there is no code.

package exitcode

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

type Process struct {
	args []string
	done chan struct{}
	code int

	ended bool
	err   error
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, p.args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	p.done = make(chan struct{})
	go func() {
		cmd.Wait()
		p.code = Decode(cmd.ProcessState.Sys().(syscall.WaitStatus))
		p.ended = cmd.ProcessState.Exited()
		close(p.done)
	}()
	return nil
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("not started")
	}
	<-p.done
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	select {
	case <-p.done:
		return p.code, p.ended
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
