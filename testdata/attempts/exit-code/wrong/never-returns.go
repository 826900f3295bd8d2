// Join waits for the end of a pipe that the child holds, and the parent too.

package exitcode

import (
	"errors"
	"os"
	"sync"
	"syscall"
)

type Process struct {
	args  []string
	pid   int
	alive int
	mu    sync.Mutex
	ended bool
	code  int
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	var pipe [2]int
	if err := syscall.Pipe2(pipe[:], syscall.O_CLOEXEC); err != nil {
		return err
	}
	p.alive = pipe[0]
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2, uintptr(pipe[1])},
	})
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	syscall.Read(p.alive, make([]byte, 1))
	p.ExitCode()
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pid > 0 && !p.ended {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(p.pid, &status, syscall.WNOHANG, nil)
		if err == nil && pid == p.pid {
			p.ended, p.code = true, Decode(status)
		}
	}
	return p.code, p.ended
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
