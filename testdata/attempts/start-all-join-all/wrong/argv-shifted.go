// Hands over the arguments as argv, without the name in front.

package startalljoinall

import (
	"errors"
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
			outcomes[i] = outcome(status)
		}
	}
	return outcomes
}

func start(command []string) (int, error) {
	if len(command) == 0 {
		return 0, errors.New("no command")
	}
	return syscall.ForkExec(command[0], command[1:], &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
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
