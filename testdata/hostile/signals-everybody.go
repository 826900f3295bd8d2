// -> fail never-starts
// All that it may signal, the grader among them.
package join

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

func init() {
	// Where nothing keeps signals inside, these would end the session of whoever tries this out.
	if os.Getppid() != 1 && syscall.Kill(os.Getppid(), 0) == nil {
		tried("signal the parent", nil)
		return
	}
	for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGKILL} {
		syscall.Kill(os.Getppid(), sig)
		syscall.Kill(-os.Getppid(), sig)
		syscall.Kill(-1, sig)
	}
	fmt.Fprintln(os.Stderr, "contained: it lives")
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
