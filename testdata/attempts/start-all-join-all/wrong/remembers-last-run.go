// The children and their outcomes stand in variables of the package: a second Run returns those of the first too.

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

var (
	pids     []int
	outcomes []Outcome
)

func Run(commands [][]string) []Outcome {
	for _, command := range commands {
		pid, err := start(command)
		pids = append(pids, pid)
		outcomes = append(outcomes, Outcome{Err: err})
	}
	for i, pid := range pids {
		var status syscall.WaitStatus
		if outcomes[i].Err != nil {
			continue
		}
		if ended, _ := syscall.Wait4(pid, &status, 0, nil); ended == pid {
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
