// Adds its mark to an environment that has one already, and the first of two counts.

package orphan

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

const parentPID = "ORPHAN_PARENT_PID"

func Start(args ...string) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	pid, err := syscall.ForkExec(exe, append([]string{exe}, args...), &syscall.ProcAttr{
		Env:   append(os.Environ(), fmt.Sprintf("%s=%d", parentPID, os.Getpid())),
		Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		return nil, err
	}
	return os.FindProcess(pid)
}

func Await() (parent int, err error) {
	was, err := strconv.Atoi(os.Getenv(parentPID))
	if err != nil {
		return 0, errors.New("orphan: this process was not started by Start")
	}
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
