// Terminate leaves the sending to a goroutine, which has other things to do first.

package terminate

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
)

type Process struct {
	args  []string
	child *os.Process
	ended chan struct{}
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
	p.child, p.ended = cmd.Process, make(chan struct{})
	go func() {
		p.child.Wait()
		close(p.ended)
	}()
	return nil
}

func (p *Process) Join() error {
	if p.child == nil {
		return errors.New("not started")
	}
	<-p.ended
	return nil
}

func (p *Process) signal(s os.Signal) error {
	if p.child == nil {
		return errors.New("not started")
	}
	if err := p.child.Signal(s); err != nil && err != os.ErrProcessDone {
		return err
	}
	return nil
}

func (p *Process) Terminate() error {
	if p.child == nil {
		return errors.New("not started")
	}
	time.AfterFunc(400*time.Millisecond, func() { p.signal(syscall.SIGTERM) })
	return nil
}

func (p *Process) Kill() error { return p.signal(syscall.SIGKILL) }

func (p *Process) Stop(grace time.Duration) error {
	if err := p.Terminate(); err != nil {
		return err
	}
	select {
	case <-p.ended:
		return nil
	case <-time.After(grace):
		p.Kill()
		return p.Join()
	}
}
