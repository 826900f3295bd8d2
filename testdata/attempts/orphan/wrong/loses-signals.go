// Ignores all signals, so that none interrupts it.

package orphan

import (
	"os"
	"os/exec"
	"os/signal"
	"strconv"

	"golang.org/x/sys/unix"
)

func Start(args ...string) (*os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "ORPHAN_PPID="+strconv.Itoa(os.Getpid()))
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd.Process, nil
}

func Await() (int, error) {
	old, err := strconv.Atoi(os.Getenv("ORPHAN_PPID"))
	if err != nil {
		return 0, err
	}
	fd, err := unix.PidfdOpen(old, 0)
	if err == unix.ESRCH {
		return os.Getppid(), nil
	}
	if err != nil {
		return 0, err
	}
	defer unix.Close(fd)
	if os.Getppid() != old {
		return os.Getppid(), nil
	}
	signal.Ignore()
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
		if n == 1 {
			return os.Getppid(), nil
		}
		if err != unix.EINTR {
			return 0, err
		}
	}
}
