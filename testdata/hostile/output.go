// -> fail floods
// needs: any
// Output without end and without a line's end.
package join

import (
	"bytes"
	"errors"
	"os"
)

func init() {
	for b := bytes.Repeat([]byte("x"), 1<<16); ; {
		os.Stdout.Write(b)
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
