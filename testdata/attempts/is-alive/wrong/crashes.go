// New writes into a map that nobody has made.

package isalive

import (
	"errors"
)

type Process struct {
	args []string
	pid  int
}

var all map[*Process]bool

func New(args ...string) *Process {
	p := &Process{args: args}
	all[p] = true
	return p
}

func (p *Process) Start() error { return errors.New("not written yet") }

func (p *Process) Join() error { return errors.New("not written yet") }

func (p *Process) IsAlive() bool { return false }

func Exists(pid int) bool { return false }
