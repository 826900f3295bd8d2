// Asks every 10 ms, between two waits for a futex(2) that nobody ever wakes.

package join

import (
	"errors"
	"os"
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
	var word uint32
	for {
		pid, err := syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
		if err != nil || pid == p.pid {
			p.ended = err == nil
			return err
		}
		const wait = 0 // FUTEX_WAIT
		unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&word)), wait, 0, uintptr(unsafe.Pointer(&unix.Timespec{Nsec: 10e6})), 0, 0)
	}
}
