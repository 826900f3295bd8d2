// -> fail never-starts
// needs: namespaces mounts
// The modes and times of files that are somebody else's, but this user's.
package join

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	for _, path := range []string{kit(), filepath.Join(kit(), "exercises/07-join/testdata/after-end.txtar")} {
		tried("chmod "+path, os.Chmod(path, 0))
		tried("chown "+path, os.Chown(path, os.Getuid(), os.Getgid()))
		tried("utimes "+path, os.Chtimes(path, time.Unix(0, 0), time.Unix(0, 0)))
		tried("setxattr "+path, unix.Setxattr(path, "user.forklings-hostile", []byte("x"), 0))
	}
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
