// Reaps the ended child while asking, as CPython does, and remembers it for Join.

package isalive

import (
	"errors"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Process struct {
	args   []string
	pid    int
	mutex  sync.Mutex
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

// reap collects the child if it has ended.
func (p *Process) reap() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.reaped {
		return nil
	}
	pid, err := syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
	p.reaped = err != nil || pid == p.pid
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	// Waits without reaping and without the mutex. ECHILD: IsAlive was faster.
	if err := unix.Waitid(unix.P_PID, p.pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != nil && err != unix.ECHILD {
		return err
	}
	return p.reap()
}

func (p *Process) IsAlive() bool {
	if p.pid == 0 {
		return false
	}
	p.reap()
	return !p.reaped
}

func Exists(pid int) bool { return pid > 0 && syscall.Kill(pid, 0) != syscall.ESRCH }
