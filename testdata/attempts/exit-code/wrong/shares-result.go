// The end and the code stand in variables of the package: all processes share them.

package exitcode

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

type Process struct {
	args []string
}

var (
	done chan struct{}
	code int
)

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
	done = make(chan struct{})
	go func() {
		cmd.Wait()
		code = Decode(cmd.ProcessState.Sys().(syscall.WaitStatus))
		close(done)
	}()
	return nil
}

func (p *Process) Join() error {
	if done == nil {
		return errors.New("not started")
	}
	<-done
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	select {
	case <-done:
		return code, true
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
