// Waits for what was not started too: its PID is 0, and wait4 of 0 takes the end of another child.

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
		var status syscall.WaitStatus
		syscall.Wait4(pid, &status, 0, nil)
		if outcomes[i].Err == nil {
			outcomes[i] = outcome(status)
		}
	}
	return outcomes
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
