// Hands the child no descriptor 0.

package orphan

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

const key = "ORPHAN_PARENT_PIDFD"

// parent is the pidfd of this process's parent, or -1.
var parent = -1

func init() {
	if os.Getenv(key) == "3" {
		parent = 3
		unix.CloseOnExec(3)
	}
	os.Unsetenv(key)
}

func Start(args ...string) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	fd, err := unix.PidfdOpen(os.Getpid(), 0)
	if err != nil {
		return nil, os.NewSyscallError("pidfd_open", err)
	}
	self := os.NewFile(uintptr(fd), "self")
	defer self.Close()
	env := []string{key + "=3"}
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, key+"=") {
			env = append(env, e)
		}
	}
	return os.StartProcess(exe, append([]string{os.Args[0]}, args...), &os.ProcAttr{
		Env:   env,
		Files: []*os.File{nil, os.Stdout, os.Stderr, self},
	})
}

func Await() (int, error) {
	if parent < 0 {
		return 0, errors.New("not a child of Start")
	}
	for {
		fds := []unix.PollFd{{Fd: int32(parent), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, -1)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return 0, os.NewSyscallError("poll", err)
		}
		if n > 0 {
			return os.Getppid(), nil
		}
	}
}
