// To join a child that was not started seems to be no error.
package isalive

import (
	"os"
	"os/exec"
	"syscall"
)

type Process struct {
	args  []string
	ended chan struct{}
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
	p.ended = make(chan struct{})
	go func() {
		_, p.err = cmd.Process.Wait()
		close(p.ended)
	}()
	return nil
}

func (p *Process) Join() error {
	if p.ended == nil {
		return nil
	}
	<-p.ended
	return p.err
}

func (p *Process) IsAlive() bool {
	if p.ended == nil {
		return false
	}
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}
