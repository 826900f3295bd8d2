// -> fail never-starts
// A variable of the kit's package that speaks to the checker is taken over.
package join

import (
	"errors"
	_ "unsafe"
)

//go:linkname calls forklings/checker/syncpoint.calls
var calls int64

func init() { calls = -1 << 40 }

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
