// -> fail never-starts
// needs: any
// The files that its output goes to become a FIFO that nobody writes to, and a link to a secret.
package join

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

func init() {
	for _, name := range []string{".parent.stdout", ".parent.stderr"} {
		os.Remove(name)
	}
	unix.Mkfifo(".parent.stdout", 0o600)
	os.Symlink(filepath.Join(kit(), "solutions/join/join.go"), ".parent.stderr")
	syscall.Exit(2)
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
