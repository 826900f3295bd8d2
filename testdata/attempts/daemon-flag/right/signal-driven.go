// Has the kernel send SIGKILL by the end of a pipe (F_SETSIG, O_ASYNC), so that nobody watches.

package daemonflag

import (
	"errors"
	"os"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

const mark = "daemon-flag:"

var serving bool

func Begin() {
	if os.Args[0] != mark+"daemon" {
		if os.Args[0] == mark+"child" {
			os.Args[0], _ = os.Executable()
		}
		return
	}
	os.Args[0], _ = os.Executable()
	serving = true
	unix.CloseOnExec(0)
	fd, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		unix.Kill(unix.Getpid(), unix.SIGKILL)
	}
	null, _ := unix.Open("/dev/null", unix.O_RDONLY, 0)
	unix.Dup3(null, 0, 0)
	unix.Close(null)
	unix.FcntlInt(uintptr(fd), unix.F_SETOWN, unix.Getpid())
	unix.FcntlInt(uintptr(fd), unix.F_SETSIG, int(unix.SIGKILL))
	flags, _ := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	unix.FcntlInt(uintptr(fd), unix.F_SETFL, flags|unix.O_ASYNC)
	if n, _ := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0); n != 0 {
		unix.Kill(unix.Getpid(), unix.SIGKILL)
	}
}

type Process struct {
	mu     sync.Mutex
	args   []string
	daemon bool
	pid    int
	pipe   int
	reaped bool
	turn   chan struct{}
}

func New(daemon bool, args ...string) *Process {
	p := &Process{daemon: daemon, args: append([]string{}, args...), pipe: -1, turn: make(chan struct{}, 1)}
	p.turn <- struct{}{}
	return p
}

func (p *Process) SetDaemon(daemon bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pid != 0 {
		return errors.New("pid " + strconv.Itoa(p.pid) + ": process has already started")
	}
	p.daemon = daemon
	return nil
}

var children sync.Map

func (p *Process) Start() error {
	if serving {
		return errors.New("no children of a daemon")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return err
	}
	defer unix.Close(ends[0])
	name := mark + "child"
	if p.daemon {
		name = mark + "daemon"
	}
	exe, err := os.Executable()
	if err == nil {
		p.pid, err = syscall.ForkExec(exe, append([]string{name}, p.args...), &syscall.ProcAttr{
			Env: os.Environ(), Files: []uintptr{uintptr(ends[0]), 1, 2}})
	}
	if err != nil || !p.daemon {
		unix.Close(ends[1])
		if err != nil {
			p.pid = 0
			return err
		}
	} else {
		p.pipe = ends[1]
	}
	children.Store(p, true)
	return nil
}

func (p *Process) Join() error {
	p.mu.Lock()
	pid := p.pid
	p.mu.Unlock()
	if pid == 0 {
		return errors.New("not started yet")
	}
	<-p.turn
	defer func() { p.turn <- struct{}{} }()
	if p.reaped {
		return nil
	}
	for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
			break
		}
	}
	p.reaped = true
	if p.pipe >= 0 {
		unix.Close(p.pipe)
		p.pipe = -1
	}
	children.Delete(p)
	return nil
}

func End() {
	var all []*Process
	children.Range(func(k, _ any) bool {
		all = append(all, k.(*Process))
		return true
	})
	for _, p := range all {
		p.mu.Lock()
		if p.daemon && !p.reaped {
			unix.Kill(p.pid, unix.SIGKILL)
		}
		p.mu.Unlock()
	}
	for _, p := range all {
		p.Join()
	}
}
