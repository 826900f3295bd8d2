// -> fail never-starts
// needs: any
// Every signal that can be ignored is, while it works.
package join

import (
	"errors"
	"os/signal"
	"syscall"
)

func init() {
	for sig := syscall.Signal(1); sig < 65; sig++ {
		signal.Ignore(sig)
	}
	for {
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
