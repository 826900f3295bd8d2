// Has the daemon watch a pidfd of its parent, whose PID is in its environment.

package daemonflag

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

const mark = "A_DAEMON"

var (
	isDaemon bool
	mu       sync.Mutex
	started  []*Process
)

func Begin() {
	text, found := os.LookupEnv(mark)
	os.Unsetenv(mark)
	if !found {
		return
	}
	isDaemon = true
	parent, _ := strconv.Atoi(text)
	fd, err := unix.PidfdOpen(parent, 0)
	if err != nil || os.Getppid() != parent { // gone already, and the PID may be somebody else's
		os.Exit(1)
	}
	go func() {
		for n := 0; n <= 0; {
			n, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
		}
		os.Exit(1)
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
		cmd.Env = append(os.Environ(), mark+"="+strconv.Itoa(os.Getpid()))
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
