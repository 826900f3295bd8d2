// Waits from the last child to the first, with os.Process and no os/exec.

package startalljoinall

import (
	"os"
	"syscall"
)

type Outcome struct {
	Code   int
	Signal syscall.Signal
	Err    error
}

func Run(commands [][]string) []Outcome {

	outcomes := make([]Outcome, len(commands))
	children := make([]*os.Process, len(commands))
	for i, c := range commands {
		if len(c) == 0 {
			outcomes[i].Err = os.ErrInvalid
			continue
		}
		children[i], outcomes[i].Err = os.StartProcess(c[0], c, &os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}})
	}
	for i := len(children) - 1; i >= 0; i-- {
		if outcomes[i].Err != nil {
			continue
		}
		state, err := children[i].Wait()
		if err != nil {
			outcomes[i].Err = err
			continue
		}
		if status := state.Sys().(syscall.WaitStatus); status.Signaled() {
			outcomes[i].Signal = status.Signal()
		} else {
			outcomes[i].Code = status.ExitStatus()
		}
	}
	return outcomes
}
