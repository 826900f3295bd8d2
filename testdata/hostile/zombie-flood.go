// -> fail storms
// needs: any
// Children that end and are never waited for.
package join

import (
	"errors"
	"os"
	"os/exec"
)

func init() {
	if len(os.Args) > 1 && os.Args[1] == "end" {
		os.Exit(0)
	}
	for {
		again("end").Start()
	}
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
