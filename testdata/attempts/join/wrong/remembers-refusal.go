// Asks inside a sync.Once whether there is a child: the answer stays what it was the first time.

package join

import (
	"errors"
	"os"
	"sync"
	"syscall"
)

type Process struct {
	args   []string
	pid    int
	waited sync.Once
	err    error
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
	p.waited.Do(func() {
		if p.pid == 0 {
			p.err = errors.New("join: process not started")
			return
		}
		_, p.err = syscall.Wait4(p.pid, nil, 0, nil)
	})
	return p.err
}
