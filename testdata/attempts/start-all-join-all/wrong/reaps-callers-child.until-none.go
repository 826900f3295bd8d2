// Waits with wait4(-1) until there is no child left, whoever started it.

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
	place := map[int]int{}
	for i, command := range commands {
		pid, err := start(command)
		if outcomes[i].Err = err; err == nil {
			place[pid] = i
		}
	}
	for {
		pid, status, err := wait4(-1, 0)
		if err != nil { // ECHILD
			return outcomes
		}
		if i, ours := place[pid]; ours {
			outcomes[i] = outcome(status)
		}
	}
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
