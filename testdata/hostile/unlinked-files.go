// -> fail fills-disk
// needs: any
// The same in files without a name.
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
		for range 24 {
			again("hoard").Start()
		}
		time.Sleep(time.Hour)
	}
	name := fmt.Sprint("file-", os.Getpid())
	f, _ := os.Create(name)
	os.Remove(name)
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
