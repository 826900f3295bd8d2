// Join does its work once, and once is also when it has nothing to wait for yet.
package isalive

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

type Process struct {
	args []string
	pid  int

	once   sync.Once
	reaped atomic.Bool
	err    error
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
	p.once.Do(func() {
		if p.pid == 0 {
			p.err = errors.New("not started")
			return
		}
		_, p.err = syscall.Wait4(p.pid, nil, 0, nil)
		p.reaped.Store(true)
	})
	return p.err
}

func (p *Process) IsAlive() bool {
	if p.pid == 0 || p.reaped.Load() {
		return false
	}
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, p.pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	return err == nil && info.Signo == 0
}

func Exists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || err == syscall.EPERM)
}
