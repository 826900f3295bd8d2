// What ExitCode has collected is kept in the code, and a code of 0 looks as if nothing had been collected.

package exitcode

import (
	"errors"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Process struct {
	args  []string
	pid   int
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
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	// The end without the status, so that the lock is free meanwhile.
	unix.Waitid(unix.P_PID, p.pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
	p.ExitCode()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended || p.code != 0 {
		return p.code, true
	}
	if p.pid == 0 {
		return 0, false
	}
	var status syscall.WaitStatus
	pid, err := syscall.Wait4(p.pid, &status, syscall.WNOHANG, nil)
	if err != nil || pid != p.pid {
		return 0, false
	}
	p.code = Decode(status)
	return p.code, true
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
