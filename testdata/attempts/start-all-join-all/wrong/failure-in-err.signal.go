// An exit status is no error, but a signal is.

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
		if outcomes[i].Err != nil {
			continue
		}
		err := cmd.Wait()
		if outcomes[i].Code = cmd.ProcessState.ExitCode(); outcomes[i].Code < 0 {
			outcomes[i].Err = err
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
