// Package group starts processes in a process group of their own, signals all of it, and hands it the terminal.
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

// Group is a process group: its members, their children and whoever else was born in it get a signal together.
//
// There may be several, each with members of its own. Before the first Start and after Wait, Signal and Foreground are
// errors and touch nobody. While one goroutine is in Wait, Signal and Foreground work in others.
type Group struct {
	waiting sync.Mutex // held by the one goroutine that waits

	mu      sync.Mutex
	members []*os.Process // nobody is reaped before all have ended: a zombie keeps the group's ID from being given away
	closed  bool          // Wait was called: nobody joins any more
	over    bool          // reaped
}

var (
	errEmpty = errors.New("group: no member was started")
	errOver  = errors.New("group: was waited for")
)

// New describes a group without members. It starts nothing.
func New() *Group { return &Group{} }

// Start starts a member and returns its PID while it runs: this same program, run with these arguments. Where its output
// goes is up to you. From its first instruction on it is in the group, never in the caller's; the caller stays where it
// is. The first member's PID is the group's ID. A Start that fails makes no member.
//
// A member that has ended makes no difference, not even if it was the first or the only one: the next one finds the
// processes that are left in the group. After Wait, Start is an error and starts nothing. Nobody calls it during Wait.
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
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // done by the child before its exec; Pgid 0: a new group
	if len(g.members) > 0 {
		cmd.SysProcAttr.Pgid = g.members[0].Pid
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	g.members = append(g.members, cmd.Process)
	return cmd.Process.Pid, nil
}

// id is the group's ID, for a caller that has locked. A 0 would mean the caller's own group: kill(2), setpgid(2).
func (g *Group) id() (int, error) {
	switch {
	case len(g.members) == 0:
		return 0, errEmpty
	case g.over:
		return 0, errOver
	}
	return g.members[0].Pid, nil
}

// Signal sends the signal to every process that is in the group now: to the members and their descendants that have
// stayed in it, also when their parent has ended, and to nobody else. That all have ended is no error. It waits for
// nothing.
func (g *Group) Signal(s syscall.Signal) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	id, err := g.id()
	if err != nil {
		return err
	}
	return syscall.Kill(-id, s)
}

// Wait returns when every member has ended, also one that has left the group, and not before, and leaves none of them as
// a zombie. Before Wait nobody is reaped. Meanwhile the caller sleeps in the kernel. To be stopped is no end, nor is a
// signal to the caller, and how a member ended is no error. Grandchildren are not waited for, even when they hold the
// output open.
//
// The group is over then: its ID may be somebody else's. Wait may be called again, and by several goroutines at once:
// all return after the last end. Before the first Start it is an error, at once.
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

	g.mu.Lock() // nobody signals a group that is taken apart
	defer g.mu.Unlock()
	g.over = true
	var errs []error
	for _, m := range members {
		_, err := m.Wait()
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// ended returns when the child has ended, and leaves it to be waited for (waitid(2), WNOWAIT).
func ended(pid int) error {
	for {
		if err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != unix.EINTR {
			return err
		}
	}
}

// Foreground makes the group the terminal's foreground group, which a Ctrl-C reaches. The tty is the caller's
// controlling terminal. It works from the background too, as TakeTerminal does.
func (g *Group) Foreground(tty *os.File) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	id, err := g.id()
	if err != nil {
		return err
	}
	return setForeground(tty, id)
}

// TakeTerminal makes the caller's own process group the terminal's foreground group. The caller may be in the
// background, and is not stopped for it (SIGTTOU, tcsetpgrp(3)). Afterwards, also after an error, SIGTTOU is as it was:
// ignored or blocked only if it was so before, in the caller and in what it starts later.
func TakeTerminal(tty *os.File) error { return setForeground(tty, syscall.Getpgrp()) }

// setForeground is tcsetpgrp with SIGTTOU blocked: the kernel asks the one thread that calls whether it would take the
// signal. (signal.Ignore is for the whole process, is inherited over exec, and signal.Reset does not undo it.)
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
