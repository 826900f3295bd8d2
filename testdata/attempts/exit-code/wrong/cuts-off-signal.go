// Six bits are taken for the signal; there are seven.

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
	err  error
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
		return p.code, true
	default:
		return 0, false
	}
}

func Decode(status syscall.WaitStatus) int {
	if signal := int(status & 0x3f); signal != 0 {
		return -signal
	}
	return int(status >> 8 & 0xff)
}
