// Sleeps in one poll on the pidfds of all children, and reaps those that are ready.

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

	var fds []unix.PollFd
	var place []int
	for i, pid := range pids {
		if outcomes[i].Err != nil {
			continue
		}
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			outcomes[i].Err = err
			continue
		}
		fds, place = append(fds, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}), append(place, i)
	}
	for left := len(fds); left > 0; {
		if _, err := unix.Poll(fds, -1); err == unix.EINTR {
			continue
		}
		for n := range fds {
			if fds[n].Fd >= 0 && fds[n].Revents != 0 {
				_, status, _ := wait4(pids[place[n]], 0)
				outcomes[place[n]] = outcome(status)
				unix.Close(int(fds[n].Fd))
				fds[n].Fd = -1 // poll leaves it out
				left--
			}
		}
	}
	return outcomes
}

func start(command []string) (int, error) {
	if len(command) == 0 {
		return 0, errors.New("no command")
	}
	return syscall.ForkExec(command[0], command, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
}

func outcome(status syscall.WaitStatus) Outcome {
	if status.Signaled() {
		return Outcome{Signal: status.Signal()}
	}
	return Outcome{Code: status.ExitStatus()}
}

func wait4(pid int, options int) (int, syscall.WaitStatus, error) {
	var status syscall.WaitStatus
	for {
		got, err := syscall.Wait4(pid, &status, options, nil)
		if err != syscall.EINTR {
			return got, status, err
		}
	}
}
