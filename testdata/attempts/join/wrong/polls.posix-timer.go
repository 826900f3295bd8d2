// Asks at every signal of a POSIX timer (timer_create(2)).

package join

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Process struct {
	args  []string
	pid   int
	ended bool
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process { return &Process{pid: pid} }

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
	if p.pid == 0 {
		return errors.New("join: process not started")
	}
	if p.ended {
		return nil
	}

	rings := make(chan os.Signal, 1)
	signal.Notify(rings, syscall.SIGALRM)
	defer signal.Stop(rings)
	var timer int32 // without a sigevent it sends SIGALRM
	if _, _, errno := unix.Syscall(unix.SYS_TIMER_CREATE, unix.CLOCK_MONOTONIC, 0, uintptr(unsafe.Pointer(&timer))); errno != 0 {
		return errno
	}
	defer unix.Syscall(unix.SYS_TIMER_DELETE, uintptr(timer), 0, 0)
	every := unix.ItimerSpec{Interval: unix.Timespec{Nsec: 10e6}, Value: unix.Timespec{Nsec: 10e6}}
	if _, _, errno := unix.Syscall6(unix.SYS_TIMER_SETTIME, uintptr(timer), 0, uintptr(unsafe.Pointer(&every)), 0, 0, 0); errno != 0 {
		return errno
	}
	for {
		pid, err := syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
		if err != nil || pid == p.pid {
			p.ended = err == nil
			return err
		}
		<-rings
	}
}
