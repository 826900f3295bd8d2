// -> fail hoards-descriptors
// needs: any
// Opens files until there are no numbers left.
package join

import (
	"errors"
	"syscall"
)

func init() {
	for {
		if _, err := syscall.Open("/dev/null", 0, 0); err != nil {
			syscall.Pause()
		}
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
