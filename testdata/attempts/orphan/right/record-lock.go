// The parent holds a POSIX lock, which is the process's: it outlives threads and execve. The child waits for the lock.

package orphan

import (
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

const env = "ORPHAN_PARENT"

var (
	once sync.Once
	file int
	fail error
)

func lockFile() (int, error) {
	once.Do(func() {
		file, fail = unix.MemfdCreate("alive", 0) // no close-on-exec
		if fail == nil {
			fail = unix.FcntlFlock(uintptr(file), unix.F_SETLK, &unix.Flock_t{Type: unix.F_WRLCK})
		}
	})
	return file, fail
}

func Start(args ...string) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	fd, err := lockFile()
	if err != nil {
		return nil, err
	}
	var vars []string
	for _, v := range os.Environ() {
		if len(v) < len(env) || v[:len(env)] != env {
			vars = append(vars, v)
		}
	}
	vars = append(vars, fmt.Sprintf("%s=%d %d", env, fd, os.Getpid()))
	return os.StartProcess(exe, append([]string{exe}, args...), &os.ProcAttr{Env: vars, Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}})
}

func Await() (parent int, err error) {
	var fd, pid int
	if _, err := fmt.Sscanf(os.Getenv(env), "%d %d", &fd, &pid); err != nil {
		return 0, err
	}
	for {
		err := unix.FcntlFlock(uintptr(fd), unix.F_SETLKW, &unix.Flock_t{Type: unix.F_RDLCK})
		if err == nil {
			break
		}
		if err != unix.EINTR {
			return 0, err
		}
	}
	// The lock goes a moment before the children do.
	if os.Getppid() != pid {
		return os.Getppid(), nil
	}
	p, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return os.Getppid(), nil
	}
	defer unix.Close(p)
	for os.Getppid() == pid {
		unix.Poll([]unix.PollFd{{Fd: int32(p), Events: unix.POLLIN}}, -1)
	}
	return os.Getppid(), nil
}
