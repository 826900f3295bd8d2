// A goroutine for each member waits from the start on without reaping; the last to come back is told by a WaitGroup.

package group

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type state int

const (
	empty state = iota
	running
	over
)

type Group struct {
	mu      sync.RWMutex
	state   state
	id      int
	members []*os.Process
	alive   sync.WaitGroup
}

func New() *Group { return &Group{} }

func (g *Group) Start(args ...string) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.state == over {
		return 0, os.ErrProcessDone
	}
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	p, err := os.StartProcess(exe, append([]string{exe}, args...), &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
		Sys:   &syscall.SysProcAttr{Setpgid: true, Pgid: g.id},
	})
	if err != nil {
		return 0, err
	}
	if g.state == empty {
		g.state, g.id = running, p.Pid
	}
	g.members = append(g.members, p)
	g.alive.Add(1)
	go func() {
		defer g.alive.Done()
		unix.Waitid(unix.P_PID, p.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
	}()
	return p.Pid, nil
}

func (g *Group) Signal(s syscall.Signal) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.state != running {
		return fmt.Errorf("signal %v: nobody is in the group", s)
	}
	return syscall.Kill(-g.id, s)
}

func (g *Group) Wait() error {
	g.mu.RLock()
	now := g.state
	g.mu.RUnlock()
	if now == empty {
		return fmt.Errorf("wait: nobody was started")
	}
	g.alive.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.state == over {
		return nil
	}
	g.state = over
	for _, p := range g.members {
		if _, err := p.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func (g *Group) Foreground(tty *os.File) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.state != running {
		return fmt.Errorf("foreground: nobody is in the group")
	}
	return tcsetpgrp(tty, g.id)
}

func TakeTerminal(tty *os.File) error { return tcsetpgrp(tty, unix.Getpgrp()) }

// The thread ends with the goroutine that is locked to it, and its signal mask with it.
func tcsetpgrp(tty *os.File, id int) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		set := &unix.Sigset_t{}
		set.Val[0] = 1 << (syscall.SIGTTOU - 1)
		if err := unix.PthreadSigmask(unix.SIG_BLOCK, set, nil); err != nil {
			done <- err
			return
		}
		done <- unix.IoctlSetPointerInt(int(tty.Fd()), unix.TIOCSPGRP, id)
	}()
	return <-done
}
