// A stranger cannot be waited for, so this asks signal 0 until it is gone.

package join

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

type Process struct {
	cmd      *exec.Cmd
	stranger int
	once     sync.Once
	err      error
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	return &Process{cmd: exec.Command(exe, args...)}
}

func Find(pid int) *Process { return &Process{stranger: pid} }

func (p *Process) Start() error { return p.cmd.Start() }

func (p *Process) Join() error {
	if p.stranger != 0 {
		for syscall.Kill(p.stranger, 0) != syscall.ESRCH {
			time.Sleep(10 * time.Millisecond)
		}
		return nil
	}
	if p.cmd.Process == nil {
		return errors.New("join: process not started")
	}
	p.once.Do(func() { _, p.err = p.cmd.Process.Wait() })
	return p.err
}
