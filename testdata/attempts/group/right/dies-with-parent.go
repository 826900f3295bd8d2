// Members end with their caller, by Pdeathsig.

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
	id      int
	members []*exec.Cmd
	over    bool
	waiting chan struct{}
	err     error
}

func New() *Group { return &Group{} }

func (g *Group) Start(args ...string) (pid int, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over {
		return 0, errors.New("group: over")
	}
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdout = os.Stdout
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: g.id, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	if g.id == 0 {
		g.id = cmd.Process.Pid
	}
	g.members = append(g.members, cmd)
	return cmd.Process.Pid, nil
}

func (g *Group) usable() error {
	if g.id == 0 {
		return errors.New("group: nobody was started")
	}
	if g.over {
		return errors.New("group: over")
	}
	return nil
}

func (g *Group) Signal(s syscall.Signal) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.usable(); err != nil {
		return err
	}
	err := syscall.Kill(-g.id, s)
	if err == syscall.ESRCH {
		return nil
	}
	return err
}

func (g *Group) Wait() error {
	g.mu.Lock()
	if g.id == 0 {
		g.mu.Unlock()
		return errors.New("group: nobody was started")
	}
	if g.waiting == nil {
		g.waiting = make(chan struct{})
		go g.wait()
	}
	g.mu.Unlock()
	<-g.waiting
	return g.err
}

func (g *Group) wait() {
	defer close(g.waiting)
	for n := 0; ; n++ {
		g.mu.Lock()
		if n == len(g.members) {
			break // still locked
		}
		p := g.members[n].Process.Pid
		g.mu.Unlock()
		for {
			// WNOWAIT: stays a zombie, which keeps the ID ours
			err := unix.Waitid(unix.P_PID, p, nil, unix.WEXITED|unix.WNOWAIT, nil)
			if err != unix.EINTR {
				break
			}
		}
	}
	g.over = true
	for _, m := range g.members {
		var ee *exec.ExitError
		if err := m.Wait(); err != nil && !errors.As(err, &ee) {
			g.err = err
		}
	}
	g.mu.Unlock()
}

func (g *Group) Foreground(tty *os.File) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.usable(); err != nil {
		return err
	}
	return setForeground(tty, g.id)
}

func TakeTerminal(tty *os.File) error { return setForeground(tty, syscall.Getpgrp()) }

func setForeground(tty *os.File, id int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var set, old unix.Sigset_t
	set.Val[0] = 1 << (uint(syscall.SIGTTOU) - 1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &set, &old); err != nil {
		return err
	}
	defer unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil)
	return unix.IoctlSetPointerInt(int(tty.Fd()), unix.TIOCSPGRP, id)
}
