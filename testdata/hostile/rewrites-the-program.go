// -> fail never-starts
// All exercises' programs may be one file. It cannot be written while it runs, so that is done when it has ended.
package join

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

func (p *Process) Start() error {
	exe, _ := os.Executable()
	cmd := exec.Command("/bin/sh", "-c", `chmod 0777 "$0"; for i in 1 2 3 4 5 6 7 8 9; do printf hostile 2>/dev/null >"$0" && break; done`, exe)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Start()
	os.Exit(0)
	return nil
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Join() error    { return errors.New("not written") }
