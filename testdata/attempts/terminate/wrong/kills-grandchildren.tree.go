// Looks for the children of the child and signals them first.

package terminate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type Process struct {
	args   []string
	pid    int
	reaped bool
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	if p.reaped {
		return nil
	}
	_, err := syscall.Wait4(p.pid, nil, 0, nil)
	p.reaped = err == nil
	return err
}

func (p *Process) signal(s syscall.Signal) error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	if p.reaped {
		return nil
	}
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", p.pid)) // each thread has its own
	for _, list := range lists {
		b, _ := os.ReadFile(list)
		for _, child := range strings.Fields(string(b)) {
			pid, _ := strconv.Atoi(child)
			syscall.Kill(pid, s)
		}
	}
	return syscall.Kill(p.pid, s)
}

func (p *Process) Terminate() error { return p.signal(syscall.SIGTERM) }

func (p *Process) Kill() error { return p.signal(syscall.SIGKILL) }

func (p *Process) Stop(grace time.Duration) error {
	if err := p.Terminate(); err != nil {
		return err
	}
	force := time.AfterFunc(grace, func() { p.Kill() })
	defer force.Stop()
	return p.Join()
}
