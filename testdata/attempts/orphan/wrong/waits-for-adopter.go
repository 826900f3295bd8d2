// Waits for the adopter's end, when it is asked once more.

package orphan

import (
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
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", parentPID, os.Getpid())) // of two with one name the last counts
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd.Process, nil
}

func Await() (parent int, err error) {
	var was int
	if was, err = strconv.Atoi(os.Getenv(parentPID)); err != nil {
		return 0, err
	}
	defer func() { os.Setenv(parentPID, strconv.Itoa(os.Getppid())) }()
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
