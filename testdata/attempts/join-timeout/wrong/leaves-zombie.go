// A pidfd tells of the end, and then nobody waits for the child.

package jointimeout

import (
	"errors"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Process struct {
	args  []string
	pid   int
	ended bool
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	return err
}

func (p *Process) Join() error {
	for {
		if ended, err := p.JoinTimeout(24 * time.Hour); ended || err != nil {
			return err
		}
	}
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.pid == 0 {
		return false, errors.New("join-timeout: process not started")
	}
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err != nil {
		return false, err
	}
	defer unix.Close(fd)
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(max(limit, 0).Milliseconds()))
		if err == unix.EINTR {
			continue
		}
		p.ended = n > 0
		return p.ended, err
	}
}

// ExitCode asks without clearing the zombie (WNOWAIT).
func (p *Process) ExitCode() int {
	if !p.ended {
		return -1
	}
	var info struct { // siginfo_t, as waitid(2) fills it in
		signo, errno, code, _ int32
		pid, uid, status      int32
		_                     [100]byte
	}
	unix.Syscall6(unix.SYS_WAITID, unix.P_PID, uintptr(p.pid), uintptr(unsafe.Pointer(&info)), unix.WEXITED|unix.WNOWAIT, 0, 0)
	return int(info.status)
}
