// SIGTTOU is ignored from then on.

package group

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Group struct {
	waiting sync.Mutex

	mu      sync.Mutex
	members []*os.Process
	closed  bool
	over    bool
}

var (
	errEmpty = errors.New("group: no member was started")
	errOver  = errors.New("group: was waited for")
)

func New() *Group { return &Group{} }

func (g *Group) Start(args ...string) (pid int, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return 0, errOver
	}
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if len(g.members) > 0 {
		cmd.SysProcAttr.Pgid = g.members[0].Pid
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	g.members = append(g.members, cmd.Process)
	return cmd.Process.Pid, nil
}

func (g *Group) id() (int, error) {
	switch {
	case len(g.members) == 0:
		return 0, errEmpty
	case g.over:
		return 0, errOver
	}
	return g.members[0].Pid, nil
}

func (g *Group) Signal(s syscall.Signal) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	id, err := g.id()
	if err != nil {
		return err
	}
	return syscall.Kill(-id, s)
}

func (g *Group) Wait() error {
	g.waiting.Lock()
	defer g.waiting.Unlock()
	g.mu.Lock()
	members, over := g.members, g.over
	g.closed = len(members) > 0
	g.mu.Unlock()
	switch {
	case len(members) == 0:
		return errEmpty
	case over:
		return nil
	}
	for _, m := range members {
		if err := ended(m.Pid); err != nil {
			return err
		}
	}

	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	var errs []error
	for _, m := range members {
		_, err := m.Wait()
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func ended(pid int) error {
	for {
		if err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != unix.EINTR {
			return err
		}
	}
}

func (g *Group) Foreground(tty *os.File) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	id, err := g.id()
	if err != nil {
		return err
	}
	return setForeground(tty, id)
}

func TakeTerminal(tty *os.File) error { return setForeground(tty, syscall.Getpgrp()) }

func setForeground(tty *os.File, id int) error {
	signal.Ignore(syscall.SIGTTOU)
	return unix.IoctlSetPointerInt(int(tty.Fd()), unix.TIOCSPGRP, id)
}
