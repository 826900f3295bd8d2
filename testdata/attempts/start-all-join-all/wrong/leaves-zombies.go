// Sleeps on a pidfd until each child has ended, and never collects it.

package startalljoinall

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

type Outcome struct {
	Code   int
	Signal syscall.Signal
	Err    error
}

func Run(commands [][]string) []Outcome {

	outcomes := make([]Outcome, len(commands))
	pids := make([]int, len(commands))
	for i, command := range commands {
		pids[i], outcomes[i].Err = start(command)
	}

	for i, pid := range pids {
		if outcomes[i].Err != nil {
			continue
		}
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			outcomes[i].Err = err
			continue
		}
		for {
			if _, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1); err != unix.EINTR {
				break
			}
		}
		unix.Close(fd)
	}
	return outcomes
}

func start(command []string) (int, error) {
	return syscall.ForkExec(command[0], command, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
}
