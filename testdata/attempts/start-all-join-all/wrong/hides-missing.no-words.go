// Passes over a command without words, as if it had run.

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
	children := make([]*exec.Cmd, len(commands))
	for i, c := range commands {
		if len(c) == 0 {
			continue
		}
		children[i] = exec.Command(c[0], c[1:]...)
		outcomes[i].Err = children[i].Start()
	}
	for i, cmd := range children {
		if cmd != nil && outcomes[i].Err == nil {
			outcomes[i] = outcome(cmd, cmd.Wait())
		}
	}
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
