// -> fail fills-disk or fail never-starts
// needs: any
// Folders without end: there are too many of them, or too much work was done, whichever comes first.
package join

import (
	"errors"
	"fmt"
	"os"
)

func init() {
	for i := 0; ; i++ {
		if err := os.Mkdir(fmt.Sprint("folder-", i), 0o777); err != nil {
			select {}
		}
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
