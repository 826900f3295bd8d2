// -> fail never-starts
// needs: any
// Stops, and nobody is there to go on.
package join

import (
	"errors"
	"os"
	"syscall"
)

func init() { syscall.Kill(os.Getpid(), syscall.SIGSTOP) }

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
