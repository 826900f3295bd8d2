// Every look is with WNOWAIT, so that no status is ever lost, and nobody collects the child.

package exitcode

import (
	"errors"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Process struct {
	args []string
	pid  int
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
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
		return errors.New("not started")
	}
	p.look(0)
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	if p.pid == 0 {
		return 0, false
	}
	return p.look(unix.WNOHANG)
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}

// look asks how the child has ended, and leaves it a zombie.
func (p *Process) look(options int) (code int, ended bool) {
	var info struct {
		signo, errno, code, _ int32
		pid, uid, status      int32
		_                     [100]byte
	}
	for unix.Waitid(unix.P_PID, p.pid, (*unix.Siginfo)(unsafe.Pointer(&info)), unix.WEXITED|unix.WNOWAIT|options, nil) == unix.EINTR {
	}
	if info.code == 1 {
		return int(info.status), info.pid != 0
	}
	return -int(info.status), info.pid != 0
}
