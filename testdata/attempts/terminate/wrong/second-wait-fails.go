// Two goroutines wait for one child, and only one of them gets the end.

package terminate

import (
	"errors"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"time"
)

type Process struct {
	args  []string
	cmd   *exec.Cmd
	ended atomic.Bool
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.cmd = exec.Command(exe, p.args...)
	return p.cmd.Start()
}

func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	if p.ended.Load() {
		return nil
	}
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	p.ended.Store(true)
	return nil
}

func (p *Process) signal(s os.Signal) error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	if err := p.cmd.Process.Signal(s); err != os.ErrProcessDone {
		return err
	}
	return nil
}

func (p *Process) Terminate() error { return p.signal(syscall.SIGTERM) }

func (p *Process) Kill() error { return p.signal(syscall.SIGKILL) }

func (p *Process) Stop(grace time.Duration) error {
	if err := p.Terminate(); err != nil {
		return err
	}
	force := time.AfterFunc(grace, func() { p.Kill() })
	defer force.Stop()
	return p.Join()
}
