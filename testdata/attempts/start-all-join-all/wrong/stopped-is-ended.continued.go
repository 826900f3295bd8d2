// Waits for whatever happens to a child, and goes on only when that is a stop: that it goes on is taken for its end.

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
		if outcomes[i].Err != nil {
			continue
		}
		var status syscall.WaitStatus
		for {
			syscall.Wait4(pid, &status, syscall.WUNTRACED|syscall.WCONTINUED, nil)
			if !status.Stopped() {
				break
			}
		}
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
