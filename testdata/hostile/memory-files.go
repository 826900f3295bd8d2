// -> fail fills-memory
// needs: any
// Files that are memory, in nobody's map.
package join

import (
	"errors"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	if len(os.Args) > 1 && os.Args[1] != "hoard" {
		for range 24 {
			again("hoard").Start()
		}
		time.Sleep(time.Hour)
	}
	fd, _ := unix.MemfdCreate("forklings-hostile", 0)
	for b := make([]byte, 1<<20); ; {
		if n, _ := unix.Write(fd, b); n <= 0 {
			break // it is as long as a file may be
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
