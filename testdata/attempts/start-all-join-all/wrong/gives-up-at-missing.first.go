// As long as nothing runs a failed start is returned at once, and the commands behind it are never started.

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
	pids := map[int]int{}
	for i, command := range commands {
		pid, err := start(command)
		if err == nil {
			pids[i] = pid
			continue
		}
		outcomes[i].Err = err
		if len(pids) == 0 {
			return outcomes
		}
	}
	for i, pid := range pids {
		var status syscall.WaitStatus
		syscall.Wait4(pid, &status, 0, nil)
		outcomes[i] = outcome(status)
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
