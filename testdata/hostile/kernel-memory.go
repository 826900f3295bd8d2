// -> fail fills-memory
// needs: cgroups
// Eight gigabytes of twenty processes: they wait in sockets, and no process's size shows them.
package join

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
)

func init() {
	if len(os.Args) > 1 && os.Args[1] != "hoard" {
		for range 20 {
			again("hoard").Start()
		}
		select {}
	}
	message := make([]byte, 64<<10)
	for range 1500 {
		pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
		if err != nil {
			break
		}
		for _, fd := range pair {
			for err = nil; err == nil; {
				_, err = syscall.Write(fd, message)
			}
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
