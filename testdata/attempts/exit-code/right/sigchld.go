// SIGCHLD says when to look; a goroutine collects the child then and stores its code atomically.

package exitcode

import (
	"errors"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

type Process struct {
	args []string
	code atomic.Pointer[int]
	done chan struct{}
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	changed := make(chan os.Signal, 1)
	signal.Notify(changed, syscall.SIGCHLD)
	pid, err := syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		return err
	}
	p.done = make(chan struct{})
	go func() {
		defer close(p.done)
		defer signal.Stop(changed)
		for range changed {
			var status syscall.WaitStatus
			if got, _ := syscall.Wait4(pid, &status, syscall.WNOHANG, nil); got == pid {
				code := Decode(status)
				p.code.Store(&code)
				return
			}
		}
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
	if code := p.code.Load(); code != nil {
		return *code, true
	}
	return 0, false
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
