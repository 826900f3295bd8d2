// -> fail fills-disk
// needs: any
// Files in many processes, none of them too big.
package join

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

func init() {
	if len(os.Args) > 1 && os.Args[1] != "hoard" {
		for range 12 {
			again("hoard").Start()
		}
		time.Sleep(time.Hour)
	}
	f, _ := os.Create(fmt.Sprint("file-", os.Getpid()))
	for b := make([]byte, 1<<20); ; {
		if _, err := f.Write(b); err != nil {
			break
		}
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
