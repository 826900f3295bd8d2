// All children are in one process group, which one wait4 after the other empties.

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
	place := map[int]int{}
	group := 0
	for i, c := range commands {
		if len(c) == 0 {
			outcomes[i].Err = os.ErrInvalid
			continue
		}
		pid, err := syscall.ForkExec(c[0], c, &syscall.ProcAttr{
			Env: os.Environ(), Files: []uintptr{0, 1, 2},
			Sys: &syscall.SysProcAttr{Setpgid: true, Pgid: group},
		})
		if outcomes[i].Err = err; err != nil {
			continue
		}
		place[pid] = i
		if group == 0 {
			group = pid
		}
	}
	for group != 0 {
		pid, status, err := wait4(-group, 0)
		if err != nil {
			break // ECHILD: nobody is left
		}
		outcomes[place[pid]] = outcome(status)
	}
	return outcomes
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
