// -> fail never-starts
// needs: any
// Sleeps to the end of time.
package join

import (
	"errors"
	"time"
)

func init() { time.Sleep(1<<63 - 1) }

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
