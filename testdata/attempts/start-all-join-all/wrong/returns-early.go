// Starts all, and waits for none.

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

	return outcomes
}

func prepare(commands [][]string) (cmds []*exec.Cmd) {
	for _, c := range commands {
		cmds = append(cmds, exec.Command(c[0], c[1:]...))
	}
	return cmds
}
