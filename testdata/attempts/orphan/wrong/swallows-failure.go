// Start does not look at what came of the start.

package orphan

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"

	"golang.org/x/sys/unix"
)

const parentPID = "ORPHAN_PARENT_PID"

func Start(args ...string) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", parentPID, os.Getpid()))
	cmd.Start()
	return cmd.Process, nil
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
