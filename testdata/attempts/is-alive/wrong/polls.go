// A goroutine looks every ten milliseconds whether the child still runs.

package isalive

import (
	"errors"
	"os"
	"syscall"
	"time"
)

type Process struct {
	args  []string
	ended chan struct{}
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	pid, err := syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	if err != nil {
		return err
	}
	p.ended = make(chan struct{})
	go func() {
		for {
			if got, _ := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); got == pid {
				close(p.ended)
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
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
