// Sleeps until any child has ended, without collecting it, and then looks for its own: beside a zombie of the caller's
// it never sleeps again.

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
	living := map[int]int{}
	for i, command := range commands {
		pid, err := start(command)
		if err != nil {
			outcomes[i].Err = err
			continue
		}
		living[pid] = i
	}
	for len(living) > 0 {
		unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOWAIT, nil)
		for pid, i := range living {
			var status syscall.WaitStatus
			if ended, _ := syscall.Wait4(pid, &status, syscall.WNOHANG, nil); ended == pid {
				outcomes[i] = outcome(status)
				delete(living, pid)
			}
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
