// Lets the daemon ask for PR_SET_PDEATHSIG itself, when its parent may be gone already.

package daemonflag

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

const mark = "a-daemon"

var (
	isDaemon bool
	mu       sync.Mutex
	started  []*Process
	requests = make(chan func())
)

func Begin() {
	if isDaemon = os.Args[0] == mark; isDaemon {
		runtime.LockOSThread()
		unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL), 0, 0, 0)
	}
	go func() {
		runtime.LockOSThread()
		for f := range requests {
			f()
		}
	}()
}

type Process struct {
	args   []string
	daemon bool
	child  *os.Process
	ended  chan struct{}
}

func New(daemon bool, args ...string) *Process { return &Process{args: args, daemon: daemon} }

func (p *Process) SetDaemon(daemon bool) error {
	if p.child != nil {
		return errors.New("process has already started")
	}
	p.daemon = daemon
	return nil
}

func (p *Process) Start() error {
	if isDaemon {
		return errors.New("a daemon may not have children")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, p.args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if p.daemon {
		cmd.Args[0] = mark
	}
	done := make(chan error)
	requests <- func() { done <- cmd.Start() }
	if err := <-done; err != nil {
		return err
	}
	mu.Lock()
	p.child, p.ended = cmd.Process, make(chan struct{})
	started = append(started, p)
	mu.Unlock()
	go func() {
		p.child.Wait()
		close(p.ended)
	}()
	return nil
}

func (p *Process) Join() error {
	if p.child == nil {
		return errors.New("process not started")
	}
	<-p.ended
	return nil
}

func End() {
	for _, p := range started {
		if p.daemon {
			p.child.Kill()
		}
	}
	for _, p := range started {
		<-p.ended
	}
}
