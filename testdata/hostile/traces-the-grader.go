// -> fail never-starts
// The process that has started it, stopped and rewritten by ptrace.
package join

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

func init() {
	runtime.LockOSThread()
	tried("attach", unix.PtraceAttach(os.Getppid()))
	tried("seize", unix.PtraceSeize(os.Getppid()))
	fd, err := unix.PidfdOpen(os.Getppid(), 0)
	if err == nil {
		_, err = unix.PidfdGetfd(fd, 3, 0)
	}
	tried("take its socket", err)
}

func tried(what string, err error) {
	if err == nil {
		fmt.Fprintln(os.Stderr, "ESCAPED:", what)
	} else {
		fmt.Fprintln(os.Stderr, "contained:", what, err)
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
