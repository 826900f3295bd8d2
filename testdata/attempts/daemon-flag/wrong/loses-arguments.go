// Joins the arguments by spaces, and splits them again.

package daemonflag

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

const variable = "DAEMON_FLAG_OF"

var (
	isDaemon bool
	mu       sync.Mutex
	all      []*Process
)

func Begin() {
	mark := os.Getenv(variable)
	os.Unsetenv(variable)
	var parent, daemon int
	if n, _ := fmt.Sscanf(mark, "%d/%d", &parent, &daemon); n != 2 || daemon != 1 {
		return
	}
	isDaemon = true
	die := func() {
		unix.Kill(unix.Getpid(), unix.SIGKILL)
		select {}
	}
	fd, err := unix.PidfdOpen(parent, 0)
	if err != nil || unix.Getppid() != parent {
		die()
	}
	go func() {
		for {
			if n, err := unix.Ppoll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, nil, nil); n > 0 || err != unix.EINTR {
				die()
			}
		}
	}()
}

type Process struct {
	mu     sync.Mutex
	args   []string
	daemon bool
	ended  chan struct{}
	cmd    *exec.Cmd
}

func New(daemon bool, args ...string) *Process {
	return &Process{daemon: daemon, args: append([]string(nil), args...)}
}

func (p *Process) SetDaemon(daemon bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended != nil {
		return errors.New("daemonflag: process has already started")
	}
	p.daemon = daemon
	return nil
}

func (p *Process) Start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if isDaemon {
		return errors.New("daemonic processes have no children")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, strings.Fields(strings.Join(p.args, " "))...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	is := 0
	if p.daemon {
		is = 1
	}
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, variable+"=") {
			cmd.Env = append(cmd.Env, e)
		}
	}
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d/%d", variable, os.Getpid(), is))
	mu.Lock()
	defer mu.Unlock()
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	p.ended = make(chan struct{})
	all = append(all, p)
	go func() {
		cmd.Wait()
		close(p.ended)
	}()
	return nil
}

func (p *Process) Join() error {
	p.mu.Lock()
	ended := p.ended
	p.mu.Unlock()
	if ended == nil {
		return errors.New("not started")
	}
	<-ended
	return nil
}

func End() {
	mu.Lock()
	list := all
	mu.Unlock()
	for _, p := range list {
		if p.daemon {
			p.cmd.Process.Kill()
		}
	}
	for _, p := range list {
		<-p.ended
	}
}
