// -> fail floods
// needs: any
// The same, from children that nobody has named.
package join

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
)

func init() {
	if len(os.Args) > 1 && os.Args[1] == "flood" {
		for b := bytes.Repeat([]byte("x"), 1<<16); ; {
			os.Stderr.Write(b)
		}
	}
	for range 3 {
		again("flood").Start()
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
