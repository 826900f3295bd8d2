// Fills in the code, -1, of a child that was killed.

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
			outcomes[i] = outcome(cmd, cmd.Wait())
		}
	}
	return outcomes
}

func prepare(commands [][]string) (cmds []*exec.Cmd) {
	for _, c := range commands {
		cmd := &exec.Cmd{Args: c}
		if len(c) > 0 {
			cmd.Path = c[0]
		}
		cmds = append(cmds, cmd)
	}
	return cmds
}

func outcome(cmd *exec.Cmd, err error) Outcome {
	end := Outcome{Code: cmd.ProcessState.ExitCode()}
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
		end.Signal = status.Signal()
	}
	return end
}
