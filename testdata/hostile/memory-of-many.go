// -> fail fills-memory
// needs: any
// Forty processes, none of them with too much.
package join

import (
	"errors"
	"os"
	"os/exec"
	"time"
)

func init() {
	if len(os.Args) > 1 && os.Args[1] != "hoard" {
		for range 40 {
			again("hoard").Start()
		}
		select {}
	}
	kept := make([]byte, 300<<20)
	for i := 0; i < len(kept); i += 4096 {
		kept[i] = 1
	}
	time.Sleep(time.Hour)
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
