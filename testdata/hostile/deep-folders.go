// -> fail never-starts
// A folder in a folder, three thousand deep, that nobody may enter.
package join

import (
	"errors"
	"os"
)

func init() {
	for range 3000 {
		if os.Mkdir("deeper-and-deeper", 0o700) != nil || os.Chdir("deeper-and-deeper") != nil {
			break
		}
	}
	os.Mkdir("closed", 0)
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
