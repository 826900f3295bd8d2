// Gives the children half a second, and collects those that have ended by then.

package startalljoinall

import (
	"os"
	"syscall"
	"time"
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

	time.Sleep(500 * time.Millisecond)
	for i, pid := range pids {
		if got, status, _ := wait4(pid, syscall.WNOHANG); pid > 0 && got == pid {
			outcomes[i] = outcome(status)
		}
	}
	return outcomes
}

func start(command []string) (int, error) {
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
