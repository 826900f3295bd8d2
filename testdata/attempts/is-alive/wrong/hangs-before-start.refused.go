// Whether there is something to wait for is asked of a channel, which is there also when the start has failed.
package isalive

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

type Process struct {
	args  []string
	ended chan struct{}
	err   error

	started bool
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, p.args...)
	p.ended = make(chan struct{})
	if err := cmd.Start(); err != nil {
		return err
	}
	p.started = true
	go func() {
		_, p.err = cmd.Process.Wait()
		close(p.ended)
	}()
	return nil
}

func (p *Process) Join() error {
	if p.ended == nil {
		return errors.New("not started")
	}
	<-p.ended
	return p.err
}

func (p *Process) IsAlive() bool {
	if !p.started {
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
