// Has the daemon look every 10 ms for another parent.

package daemonflag

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

const mark = "a-daemon"

var (
	isDaemon bool
	mu       sync.Mutex
	started  []*Process
)

func Begin() {
	if isDaemon = os.Args[0] == mark; isDaemon {
		parent, _ := strconv.Atoi(os.Getenv("PARENT"))
		os.Unsetenv("PARENT")
		go func() {
			for os.Getppid() == parent {
				time.Sleep(10 * time.Millisecond)
			}
			os.Exit(1)
		}()
	}
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
		cmd.Env = append(os.Environ(), "PARENT="+strconv.Itoa(os.Getpid()))
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
