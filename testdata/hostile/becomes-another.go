// -> fail never-starts
// needs: any
// Another program takes the place of this one.
package join

import (
	"errors"
	"os"
	"syscall"
)

func init() { syscall.Exec("/bin/sh", []string{"sh", "-c", "exit 0"}, os.Environ()) }

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
