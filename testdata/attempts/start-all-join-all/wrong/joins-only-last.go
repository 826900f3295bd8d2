// The variable of the start loop holds the last child, and only that is waited for.

package startalljoinall

import (
	"os/exec"
	"syscall"
)

type Outcome struct {
	Code   int
	Signal syscall.Signal
	Err    error
}

func Run(commands [][]string) []Outcome {

	outcomes := make([]Outcome, len(commands))
	var cmd *exec.Cmd
	for i, c := range commands {
		cmd = exec.Command(c[0], c[1:]...)
		outcomes[i].Err = cmd.Start()
	}
	outcomes[len(outcomes)-1] = outcome(cmd, cmd.Wait())
	return outcomes
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
