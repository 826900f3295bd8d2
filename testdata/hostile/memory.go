// -> fail fills-memory
// needs: any
// More memory than a process may have.
package join

import (
	"errors"
)

var kept = make([]byte, 4<<30)

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
