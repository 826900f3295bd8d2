// Sleeps until SIGCHLD says that somebody has ended, and then asks for every child.

package startalljoinall

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
)

type Outcome struct {
	Code   int
	Signal syscall.Signal
	Err    error
}

func Run(commands [][]string) []Outcome {

	changed := make(chan os.Signal, 1)
	signal.Notify(changed, syscall.SIGCHLD)
	defer signal.Stop(changed)

	outcomes := make([]Outcome, len(commands))
	pids := make([]int, len(commands))
	for i, command := range commands {
		pids[i], outcomes[i].Err = start(command)
	}

	for {
		left := 0
		for i, pid := range pids {
			if pid == 0 {
				continue
			}
			if got, status, _ := wait4(pid, syscall.WNOHANG); got == pid {
				outcomes[i], pids[i] = outcome(status), 0
			} else {
				left++
			}
		}
		if left == 0 {
			return outcomes
		}
		<-changed
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
