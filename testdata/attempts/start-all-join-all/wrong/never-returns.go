// Every child holds the end of a pipe, and the end of file says that all are done; the parent holds it too.

package startalljoinall

import (
	"os"
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
	alive, hold, err := os.Pipe()
	if err != nil {
		return outcomes
	}
	cmds := prepare(commands)
	for i, cmd := range cmds {
		cmd.ExtraFiles = []*os.File{hold}
		outcomes[i].Err = cmd.Start()
	}
	alive.Read(make([]byte, 1))
	for i, cmd := range cmds {
		if outcomes[i].Err == nil {
			outcomes[i] = outcome(cmd, cmd.Wait())
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
