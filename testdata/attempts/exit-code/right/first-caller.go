// Nobody waits in the background: the first Join waits for all, and ExitCode collects if nobody is in Join.

package exitcode

import (
	"errors"
	"os"
	"sync/atomic"
	"syscall"
)

type Process struct {
	args    []string
	pid     int
	waiting atomic.Bool
	done    chan struct{}
	code    int
}

func New(args ...string) *Process { return &Process{args: args, done: make(chan struct{})} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	if p.waiting.CompareAndSwap(false, true) {
		p.collect(0)
	}
	<-p.done
	return nil
}

// collect is called by one goroutine at a time; without an end it lets the next one try.
func (p *Process) collect(options int) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(p.pid, &status, options, nil)
		switch {
		case err == syscall.EINTR:
		case pid == p.pid:
			p.code = Decode(status)
			close(p.done)
			return
		default:
			p.waiting.Store(false)
			return
		}
	}
}

func (p *Process) ExitCode() (int, bool) {
	if p.pid > 0 && p.waiting.CompareAndSwap(false, true) {
		p.collect(syscall.WNOHANG)
	}
	select {
	case <-p.done:
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
