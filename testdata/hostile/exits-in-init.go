// -> fail never-starts
// needs: any
// Success, before anything was asked.
package join

import (
	"errors"
	"syscall"
)

func init() { syscall.Exit(0) }

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
