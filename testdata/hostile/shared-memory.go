// -> fail fills-memory
// needs: any
// Memory that no limit on private memory counts, in many processes.
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
		for range 20 {
			again("hoard").Start()
		}
		time.Sleep(time.Hour)
	}
	b, err := unix.Mmap(-1, 0, 100<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANON)
	for i := 0; err == nil && i < len(b); i += 4096 {
		b[i] = 1
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
