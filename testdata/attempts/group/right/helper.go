// A short-lived child moves the terminal: it joins the group and asks for it before its exec.

package group

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Group struct {
	mu      sync.Mutex
	waiting sync.Mutex
	id      int
	members []*os.Process
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
	g.members = append(g.members, cmd.Process)
	if g.id == 0 {
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
	if g.over {
		return nil
	}
	for _, m := range g.members {
		for unix.Waitid(unix.P_PID, m.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	for _, m := range g.members {
		m.Wait()
	}
	return nil
}

func (g *Group) Foreground(tty *os.File) error {
	return g.locked(func() error { return foreground(tty, g.id) })
}

func TakeTerminal(tty *os.File) error { return foreground(tty, syscall.Getpgrp()) }

// foreground lets a child do it, which joins the group and asks for the terminal before its exec: there the syscall
// package has all signals blocked.
func foreground(tty *os.File, id int) error {
	child := exec.Command("true")
	child.SysProcAttr = &syscall.SysProcAttr{Foreground: true, Ctty: int(tty.Fd()), Pgid: id}
	return child.Run()
}
