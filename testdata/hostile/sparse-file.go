// -> fail never-starts
// needs: any
// A terabyte that is not there.
package join

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func init() {
	signal.Ignore(syscall.SIGXFSZ)
	f, _ := os.Create("sparse")
	tried("truncate", f.Truncate(1<<40))
	_, err := f.WriteAt([]byte("x"), 1<<40)
	tried("write far away", err)
}

func tried(what string, err error) {
	if err == nil {
		fmt.Fprintln(os.Stderr, "ESCAPED:", what)
	} else {
		fmt.Fprintln(os.Stderr, "contained:", what, err)
	}
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
