// -> fail storms
// needs: any
// The same by the bare system call, in sessions of their own.
package join

import (
	"errors"
	"syscall"
)

func init() {
	for {
		pid, _, errno := syscall.RawSyscall(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0)
		if pid == 0 {
			syscall.RawSyscall(syscall.SYS_SETSID, 0, 0, 0)
		} else if errno != 0 {
			syscall.RawSyscall(syscall.SYS_PAUSE, 0, 0, 0)
		}
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
