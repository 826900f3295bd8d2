// An exit status of 1 is reported as an error of the start.

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
	cmds := prepare(commands)
	for i, cmd := range cmds {
		outcomes[i].Err = cmd.Start()
	}

	for i, cmd := range cmds {
		if outcomes[i].Err == nil {
			outcomes[i].Err = cmd.Wait()
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
