// The wait is a poll without limit on a pidfd, then the child is cleared.
package asyncstart

import (
	"golang.org/x/sys/unix"
	"os/exec"
)

func Run(program string, args []string, call func(), report func(what string)) error {
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		return err
	}

	fd, err := unix.PidfdOpen(cmd.Process.Pid, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	report("started")
	call()
	report("called")
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
		if n == 1 {
			break
		}
		if err != unix.EINTR {
			return err
		}
	}
	cmd.Wait()
	report("ended")
	return nil
}
