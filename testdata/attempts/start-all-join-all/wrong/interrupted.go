// Polls a pidfd for each child, and takes a signal that comes meanwhile (EINTR) for a failure.

package startalljoinall

import (
	"errors"
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
		if outcomes[i].Err == nil {
			outcomes[i] = wait(pid)
		}
	}
	return outcomes
}

func wait(pid int) Outcome {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return Outcome{Err: err}
	}
	defer unix.Close(fd)
	if _, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1); err != nil {
		return Outcome{Err: err}
	}
	var status syscall.WaitStatus
	syscall.Wait4(pid, &status, 0, nil)
	return outcome(status)
}

func start(command []string) (pid int, err error) {
	if len(command) == 0 {
		return 0, errors.New("no words")
	}
	return syscall.ForkExec(command[0], command, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
}

func outcome(status syscall.WaitStatus) Outcome {
	if status.Signaled() {
		return Outcome{Signal: status.Signal()}
	}
	return Outcome{Code: status.ExitStatus()}
}
