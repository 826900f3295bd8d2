// Asks for its parent when it is called, and waits for the end of that one.

package orphan

import (
	"fmt"
	"os"
	"os/exec"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

var gone atomic.Bool

const parentPID = "ORPHAN_PARENT_PID"

func Start(args ...string) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", parentPID, os.Getpid())) // of two with one name the last counts
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd.Process, nil
}

func Await() (parent int, err error) {
	if gone.Load() {
		return os.Getppid(), nil
	}
	defer gone.Store(true)
	was := os.Getppid()
	fd, err := unix.PidfdOpen(was, 0)
	if err == nil {
		defer unix.Close(fd)
	}
	if os.Getppid() != was {
		return os.Getppid(), nil
	}
	if err == nil {
		err = waitFor(fd)
	}
	if err != nil && err != unix.ESRCH {
		return 0, err
	}
	return os.Getppid(), nil
}

func waitFor(pidfd int) error {
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(pidfd), Events: unix.POLLIN}}, -1)
		if err != unix.EINTR {
			return err
		}
	}
}
