// Keeps what it knows of a child by its command line, and equal ones share one place.

package startalljoinall

import (
	"os/exec"
	"strings"
	"syscall"
)

type Outcome struct {
	Code   int
	Signal syscall.Signal
	Err    error
}

func Run(commands [][]string) []Outcome {

	children := map[string]*exec.Cmd{}
	errs := map[string]error{}
	for i, cmd := range prepare(commands) {
		line := strings.Join(commands[i], " ")
		children[line], errs[line] = cmd, cmd.Start()
	}
	ends := map[string]Outcome{}
	for line, cmd := range children {
		if ends[line] = (Outcome{Err: errs[line]}); errs[line] == nil {
			ends[line] = outcome(cmd, cmd.Wait())
		}
	}
	var outcomes []Outcome
	for _, c := range commands {
		outcomes = append(outcomes, ends[strings.Join(c, " ")])
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
	if cmd.ProcessState == nil {
		return Outcome{Err: err}
	}
	status := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return Outcome{Signal: status.Signal()}
	}
	return Outcome{Code: status.ExitStatus()}
}
