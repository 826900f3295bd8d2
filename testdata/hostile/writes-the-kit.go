// -> fail never-starts
// The scenarios are made easier, for the next time.
package join

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

func init() {
	script := filepath.Join(kit(), "exercises/07-join/testdata/after-end.txtar")
	_, err := os.OpenFile(script, os.O_WRONLY, 0)
	tried("open a scenario to write", err)
	tried("truncate a scenario", os.Truncate(script, 0))
	tried("rename a scenario", os.Rename(script, script+".forklings-hostile"))
	tried("remove a scenario", os.Remove(script))
	_, err = os.Create(filepath.Join(kit(), "forklings-hostile"))
	tried("make a file in the kit", err)
	tried("link into the kit", os.Symlink("/", filepath.Join(kit(), "forklings-hostile")))
}

func tried(what string, err error) {
	if err == nil {
		fmt.Fprintln(os.Stderr, "ESCAPED:", what)
	} else {
		fmt.Fprintln(os.Stderr, "contained:", what, err)
	}
}

// kit is where this was built from: the line tables tell.
func kit() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

type Process struct{}

func New(args ...string) *Process { return &Process{} }
func Find(pid int) *Process       { return &Process{} }
func (p *Process) Start() error   { return errors.New("not written") }
func (p *Process) Join() error    { return errors.New("not written") }
