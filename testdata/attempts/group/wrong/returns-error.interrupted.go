// Wait gives up when a signal interrupts its poll, which the kernel never begins again by itself.

package group

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
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
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
	return err
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
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, ttou unix.Sigset_t
	ttou.Val[0] = 1 << (unix.SIGTTOU - 1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &ttou, &before); err != nil {
		return err
	}
	defer unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil)
	return unix.IoctlSetPointerInt(int(tty.Fd()), unix.TIOCSPGRP, id)
}
