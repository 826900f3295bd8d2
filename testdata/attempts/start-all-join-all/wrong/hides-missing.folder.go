// Looks whether there is such a file, and takes the start to go well then; a folder cannot be started.

package startalljoinall

import (
	"errors"
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
	children := make([]*exec.Cmd, len(commands))
	for i, command := range commands {
		if len(command) == 0 {
			outcomes[i].Err = errors.New("no words")
		} else if _, err := os.Stat(command[0]); err != nil {
			outcomes[i].Err = err
		} else {
			children[i] = exec.Command(command[0], command[1:]...)
			children[i].Start()
		}
	}
	for i, child := range children {
		if child == nil || child.Process == nil {
			continue
		}
		child.Wait()
		status := child.ProcessState.Sys().(syscall.WaitStatus)
		if status.Signaled() {
			outcomes[i].Signal = status.Signal()
		} else {
			outcomes[i].Code = status.ExitStatus()
		}
	}
	return outcomes
}
