// Takes ECHILD for "has ended already".

package join

import (
	"errors"
	"os"
	"syscall"
)

type Process struct {
	args []string
	pid  int
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process { return &Process{pid: pid} }

func (p *Process) Start() (err error) {
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
		return errors.New("join: process not started")
	}
	for {
		_, err := syscall.Wait4(p.pid, nil, 0, nil)
		if err == syscall.ECHILD {
			return nil
		}
		if err != syscall.EINTR {
			return err
		}
	}
}
