// -> fail never-starts
// The memory, descriptors and folders of the process that has started it.
package join

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

func init() {
	for _, file := range []string{"mem", "root/etc/hostname", "cwd/go.mod", "fd/3", "task/../environ"} {
		_, err := os.OpenFile(fmt.Sprintf("/proc/%d/%s", os.Getppid(), file), os.O_RDWR, 0)
		tried("open the parent's "+file, err)
	}
	b := make([]byte, 8)
	local := []unix.Iovec{{Base: &b[0], Len: 8}}
	_, err := unix.ProcessVMReadv(os.Getppid(), local, []unix.RemoteIovec{{Base: 0x400000, Len: 8}}, 0)
	tried("read the parent's memory", err)
}

func tried(what string, err error) {
	if err == nil {
		fmt.Fprintln(os.Stderr, "ESCAPED:", what)
	} else {
		fmt.Fprintln(os.Stderr, "contained:", what, err)
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
