// Tells a zombie by its state, and after Join asks whoever has the PID now.

package isalive

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"syscall"
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

func (p *Process) IsAlive() bool {
	s := state(p.pid)
	return p.pid != 0 && s != 0 && s != 'Z'
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}

func state(pid int) byte {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	i := bytes.LastIndexByte(b, ')')
	if err != nil || i < 0 {
		return 0
	}
	return b[i+2]
}
