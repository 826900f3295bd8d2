// -> fail never-starts
// Its own program, and the socket to the checker, are gone.
package join

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func init() {
	exe, _ := os.Executable()
	tried("remove the program", os.Remove(exe))
	tried("remove the socket", os.Remove(filepath.Dir(exe)+"/.sync"))
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
