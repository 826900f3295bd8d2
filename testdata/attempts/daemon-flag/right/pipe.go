// Ties the daemon to a pipe: at its end, the parent is gone.

package daemonflag

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

const mark = "a-daemon"

var (
	isDaemon bool
	mu       sync.Mutex
	started  []*Process
)

func Begin() {
	if isDaemon = os.Args[0] == mark; isDaemon {
		syscall.CloseOnExec(3)
		go func() {
			os.NewFile(3, "leash").Read(make([]byte, 1))
			os.Exit(1)
		}()
	}
}

type Process struct {
	args   []string
	daemon bool
	child  *os.Process
	ended  chan struct{}
	leash  *os.File
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
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		defer r.Close()
		cmd.ExtraFiles = []*os.File{r}
		p.leash = w
	}
	if err := cmd.Start(); err != nil {
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
