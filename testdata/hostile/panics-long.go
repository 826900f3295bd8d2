// -> fail crashes
// needs: any
// A panic with a message of ten megabytes.
package join

import (
	"errors"
)

func init() { panic(string(make([]byte, 10<<20)) + "\n--- PASS: all") }

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
