// -> fail never-starts
// needs: namespaces mounts
// Settings of the whole machine, which root's files below /proc/sys are. They are opened only.
package join

import (
	"errors"
	"fmt"
	"os"
)

func init() {
	for _, file := range []string{"sys/kernel/core_pattern", "sys/kernel/modprobe", "sys/vm/drop_caches", "sysrq-trigger", "sys/kernel/ns_last_pid"} {
		_, err := os.OpenFile("/proc/"+file, os.O_WRONLY, 0)
		tried("open "+file, err)
	}
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
