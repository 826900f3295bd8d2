// Wait waits for the children that are in the group, and not for a member that has left it.

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
	mu      sync.Mutex
	waiting sync.Mutex
	id      int
	left    int // not reaped
	over    bool
}

func New() *Group { return &Group{} }

func (g *Group) Start(args ...string) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	exe, err := os.Executable()
	if err != nil || g.over {
		return 0, errors.Join(err, errors.New("no more members"))
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: g.id}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	if g.left++; g.id == 0 {
		g.id = cmd.Process.Pid
	}
	return cmd.Process.Pid, nil
}

func (g *Group) locked(f func() error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.id == 0 || g.over {
		return errors.New("no members")
	}
	return f()
}

func (g *Group) Signal(s syscall.Signal) error {
	return g.locked(func() error { return syscall.Kill(-g.id, s) })
}

func (g *Group) Wait() error {
	g.waiting.Lock()
	defer g.waiting.Unlock()
	if g.id == 0 {
		return errors.New("no members")
	}
	for !g.over {
		if err := unix.Waitid(unix.P_PGID, g.id, nil, unix.WEXITED|unix.WNOWAIT, nil); err == unix.EINTR {
			continue
		} else if err != nil {
			return err
		}
		g.mu.Lock()
		_, err := syscall.Wait4(-g.id, nil, syscall.WNOHANG, nil)
		g.left--
		g.over = g.left == 0
		g.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *Group) Foreground(tty *os.File) error {
	return g.locked(func() error { return foreground(tty, g.id) })
}

func TakeTerminal(tty *os.File) error { return foreground(tty, syscall.Getpgrp()) }

func foreground(tty *os.File, id int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	set, before := new(unix.Sigset_t), new(unix.Sigset_t)
	set.Val[0] = 1 << (unix.SIGTTOU - 1)
	unix.PthreadSigmask(unix.SIG_BLOCK, set, before)
	err := unix.IoctlSetPointerInt(int(tty.Fd()), unix.TIOCSPGRP, id)
	unix.PthreadSigmask(unix.SIG_SETMASK, before, nil)
	return err
}
