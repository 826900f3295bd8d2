// Waits for the children, but two seconds at most.

package startalljoinall

import (
	"os/exec"
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
	done := make(chan int)
	for i, cmd := range prepare(commands) {
		go func() {
			outcomes[i] = outcome(cmd, cmd.Run())
			done <- i
		}()
	}
	late := time.After(2 * time.Second)
	for range commands {
		select {
		case <-done:
		case <-late:
			return outcomes
		}
	}
	return outcomes
}

func prepare(commands [][]string) (cmds []*exec.Cmd) {
	for _, c := range commands {
		cmds = append(cmds, exec.Command(c[0], c[1:]...))
	}
	return cmds
}

func outcome(cmd *exec.Cmd, err error) Outcome {
	if cmd.ProcessState == nil {
		return Outcome{Err: err}
	}
	status := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return Outcome{Signal: status.Signal()}
	}
	return Outcome{Code: status.ExitStatus()}
}
