// Forks by hand, keeps PIDs only, and reaps the members with wait4, the first one last.

package group

import (
	"errors"
	"os"
	"runtime"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Group struct {
	sync.Mutex
	pids []int
	once sync.Once
	err  error
	over bool
}

func New() *Group { return new(Group) }

func (g *Group) Start(args ...string) (int, error) {
	g.Lock()
	defer g.Unlock()
	if g.over {
		return 0, errors.New("this group is over")
	}
	leader := 0
	if len(g.pids) > 0 {
		leader = g.pids[0]
	}
	pid, err := syscall.ForkExec("/proc/self/exe", append([]string{os.Args[0]}, args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
		Sys: &syscall.SysProcAttr{Setpgid: true, Pgid: leader},
	})
	if err == nil {
		g.pids = append(g.pids, pid)
	}
	return pid, err
}

func (g *Group) do(f func(id int) error) error {
	g.Lock()
	defer g.Unlock()
	if len(g.pids) == 0 || g.over {
		return errors.New("this group has no members")
	}
	return f(g.pids[0])
}

func (g *Group) Signal(s syscall.Signal) error {
	return g.do(func(id int) error { return syscall.Kill(-id, s) })
}

func (g *Group) Wait() error {
	g.Lock()
	pids := g.pids
	g.Unlock()
	if len(pids) == 0 {
		return errors.New("this group has no members")
	}
	g.once.Do(func() {
		for _, pid := range pids[1:] {
			if _, err := syscall.Wait4(pid, nil, 0, nil); err != nil {
				g.err = err
			}
		}
		if err := unix.Waitid(unix.P_PID, pids[0], nil, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
			g.err = err
		}
		g.Lock()
		defer g.Unlock()
		g.over = true
		if _, err := syscall.Wait4(pids[0], nil, 0, nil); err != nil {
			g.err = err
		}
	})
	return g.err
}

func (g *Group) Foreground(tty *os.File) error {
	return g.do(func(id int) error { return give(tty, id) })
}

func TakeTerminal(tty *os.File) error { return give(tty, syscall.Getpgrp()) }

func give(tty *os.File, group int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	all := ^uint64(0)
	var before uint64
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&all)), uintptr(unsafe.Pointer(&before)), 8, 0, 0)
	id := int32(group)
	_, _, errno := syscall.RawSyscall(syscall.SYS_IOCTL, tty.Fd(), syscall.TIOCSPGRP, uintptr(unsafe.Pointer(&id)))
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&before)), 0, 8, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
