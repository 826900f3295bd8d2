// -> fail never-starts
// needs: namespaces landlock files
// Disks and memory as files.
package join

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

func init() {
	disks, _ := filepath.Glob("/sys/class/block/*")
	for _, disk := range append(disks, "mem", "kmsg", "kvm", "fuse") {
		_, err := os.OpenFile("/dev/"+filepath.Base(disk), os.O_RDWR, 0)
		tried("open "+filepath.Base(disk), err)
	}
	tried("make a device", unix.Mknod("disk", unix.S_IFBLK|0o600, 0xfe00))
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
