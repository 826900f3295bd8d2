// -> fail never-starts or timeout never-starts or fail storms
// needs: any
// Each starts the next one in a session of its own and ends, so that the one to be killed is always gone.
package join

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

func init() {
	cmd := again(os.Args[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Start()
	syscall.Exit(0)
}

// again runs this program once more.
func again(args ...string) *exec.Cmd {
	exe, _ := os.Executable()
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
