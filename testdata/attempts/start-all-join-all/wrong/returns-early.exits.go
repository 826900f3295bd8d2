// Starts all, and takes the first answer of WNOHANG, which says that nobody has ended, for a failure.

package startalljoinall

import (
	"log"
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

	for _, pid := range pids {
		if got, _, _ := wait4(pid, syscall.WNOHANG); got != pid {
			log.Fatalf("no end of %d", pid)
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
