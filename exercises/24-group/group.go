// Package group starts processes in a process group of their own, signals all of it, and hands it the terminal.
package group

import (
	"errors"
	"os"
	"syscall"
)

// Group is a process group: its members, their children and whoever else was born in it get a signal together.
//
// There may be several, each with members of its own. Before the first Start and after Wait, Signal and Foreground are
// errors and touch nobody. While one goroutine is in Wait, Signal and Foreground work in others.
type Group struct{}

// New describes a group without members. It starts nothing.
func New() *Group { return &Group{} }

// Start starts a member and returns its PID while it runs: this same program, run with these arguments. Where its output
// goes is up to you. From its first instruction on it is in the group, never in the caller's; the caller stays where it
// is. The first member's PID is the group's ID. A Start that fails makes no member.
//
// A member that has ended makes no difference, not even if it was the first or the only one: the next one finds the
// processes that are left in the group. After Wait, Start is an error and starts nothing. Nobody calls it during Wait.
func (g *Group) Start(args ...string) (pid int, err error) { return 0, errors.New("not written yet") }

// Signal sends the signal to every process that is in the group now: to the members and their descendants that have
// stayed in it, also when their parent has ended, and to nobody else. That all have ended is no error. It waits for
// nothing.
func (g *Group) Signal(s syscall.Signal) error { return errors.New("not written yet") }

// Wait returns when every member has ended, also one that has left the group, and not before, and leaves none of them as
// a zombie. Before Wait nobody is reaped. Meanwhile the caller sleeps in the kernel. To be stopped is no end, nor is a
// signal to the caller, and how a member ended is no error. Grandchildren are not waited for, even when they hold the
// output open.
//
// The group is over then: its ID may be somebody else's. Wait may be called again, and by several goroutines at once:
// all return after the last end. Before the first Start it is an error, at once.
func (g *Group) Wait() error { return errors.New("not written yet") }

// Foreground makes the group the terminal's foreground group, which a Ctrl-C reaches. The tty is the caller's
// controlling terminal. It works from the background too, as TakeTerminal does.
func (g *Group) Foreground(tty *os.File) error { return errors.New("not written yet") }

// TakeTerminal makes the caller's own process group the terminal's foreground group. The caller may be in the
// background, and is not stopped for it (SIGTTOU, tcsetpgrp(3)). Afterwards, also after an error, SIGTTOU is as it was:
// ignored or blocked only if it was so before, in the caller and in what it starts later.
func TakeTerminal(tty *os.File) error { return errors.New("not written yet") }
