// The status of the siginfo is taken for the code, whether it is of an exit or of a signal.

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
	done chan struct{}
	code int
	err  error
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	child, err := os.StartProcess(exe, append([]string{exe}, p.args...), &os.ProcAttr{
		Files: []*os.File{nil, os.Stdout, os.Stderr},
	})
	if err != nil {
		return err
	}
	p.done = make(chan struct{})
	go func() {
		var info struct {
			signo, errno, code, _ int32
			pid, uid, status      int32
			_                     [100]byte
		}
		for unix.Waitid(unix.P_PID, child.Pid, (*unix.Siginfo)(unsafe.Pointer(&info)), unix.WEXITED, nil) == unix.EINTR {
		}
		p.code = int(info.status)
		close(p.done)
	}()
	return nil
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("not started")
	}
	<-p.done
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	select {
	case <-p.done:
		return p.code, true
	default:
		return 0, false
	}
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
