// The parent hands the child a pidfd of itself, which stands for it whatever becomes of the number.

package orphan

import (
	"os"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

const mark = "-orphan"

var gone = sync.OnceFunc(func() {
	for {
		fds := []unix.PollFd{{Fd: 3, Events: unix.POLLIN}}
		if n, _ := unix.Ppoll(fds, nil, nil); n == 1 {
			return
		}
	}
})

func Start(args ...string) (*os.Process, error) {
	self, err := unix.PidfdOpen(os.Getpid(), 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(self)
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	pid, err := syscall.ForkExec(exe, append([]string{exe + mark}, args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2, uintptr(self)},
	})
	if err != nil {
		return nil, err
	}
	return os.FindProcess(pid)
}

func Await() (parent int, err error) {
	if !strings.HasSuffix(os.Args[0], mark) {
		return 0, os.ErrInvalid
	}
	gone()
	return os.Getppid(), nil
}
