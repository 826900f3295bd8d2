// Reports what could not be started behind what was.

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

	var running []*exec.Cmd
	var outcomes, missing []Outcome
	for _, cmd := range prepare(commands) {
		if err := cmd.Start(); err != nil {
			missing = append(missing, Outcome{Err: err})
		} else {
			running = append(running, cmd)
		}
	}
	for _, cmd := range running {
		outcomes = append(outcomes, outcome(cmd, cmd.Wait()))
	}
	return append(outcomes, missing...)
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
	if cmd.ProcessState == nil {
		return Outcome{Err: err}
	}
	status := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return Outcome{Signal: status.Signal()}
	}
	return Outcome{Code: status.ExitStatus()}
}
