// Polls pidfds for the ends, and ignores SIGTTOU by rt_sigaction for the time of the call.

package group

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Group struct {
	mu   sync.Mutex
	wait sync.Mutex
	all  []*exec.Cmd
	fds  []int
	over bool
}

var errNobody = errors.New("nobody to do that to")

func New() *Group { return &Group{} }

func (g *Group) Start(args ...string) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over {
		return 0, errNobody
	}
	cmd := exec.Command("/proc/self/exe", args...)
	fd := -1
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, PidFD: &fd}
	if len(g.all) > 0 {
		cmd.SysProcAttr.Pgid = g.all[0].Process.Pid
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	if fd < 0 {
		var err error
		if fd, err = unix.PidfdOpen(cmd.Process.Pid, 0); err != nil {
			return 0, err
		}
	}
	g.all, g.fds = append(g.all, cmd), append(g.fds, fd)
	return cmd.Process.Pid, nil
}

func (g *Group) Signal(s syscall.Signal) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over || len(g.all) == 0 {
		return errNobody
	}
	return unix.Kill(-g.all[0].Process.Pid, s)
}

func (g *Group) Wait() error {
	g.wait.Lock()
	defer g.wait.Unlock()
	if len(g.all) == 0 {
		return errNobody
	}
	for _, fd := range g.fds {
		poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		for {
			if n, err := unix.Poll(poll, -1); n == 1 || err != unix.EINTR {
				break
			}
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	for i, fd := range g.fds {
		unix.Close(fd)
		g.all[i].Wait()
	}
	g.fds = nil
	return nil
}

func (g *Group) Foreground(tty *os.File) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over || len(g.all) == 0 {
		return errNobody
	}
	return front(tty, g.all[0].Process.Pid)
}

func TakeTerminal(tty *os.File) error { return front(tty, unix.Getpgrp()) }

var one sync.Mutex

func front(tty *os.File, id int) error {
	one.Lock()
	defer one.Unlock()
	ignore, before := [8]uint64{1}, [8]uint64{} // struct sigaction of the kernel: the handler comes first
	change := func(to, from *[8]uint64) {
		unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGTTOU), uintptr(unsafe.Pointer(to)), uintptr(unsafe.Pointer(from)), 8, 0, 0)
	}
	change(&ignore, &before)
	defer change(&before, nil)
	return unix.IoctlSetPointerInt(int(tty.Fd()), unix.TIOCSPGRP, id)
}
