// Only the upper byte of the status is looked at, and a signal stands in the lower one.

package startalljoinall

import (
	"os"
	"syscall"
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
			_, status, _ := wait4(pid, 0)
			outcomes[i].Code = int(status >> 8)
		}
	}
	return outcomes
}

func start(command []string) (int, error) {
	return syscall.ForkExec(command[0], command, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
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
