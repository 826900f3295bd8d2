// -> fail never-starts
// needs: namespaces landlock files
// The solution and the scenarios, where the kit lies.
package join

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

func init() {
	for _, path := range []string{"solutions/join/join.go", "exercises/07-join/testdata/after-end.txtar", "exercises/07-join/hints.md", "go.mod"} {
		_, err := os.ReadFile(filepath.Join(kit(), path))
		tried("read "+path, err)
	}
	_, err := os.ReadDir(kit())
	tried("list the kit", err)
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
