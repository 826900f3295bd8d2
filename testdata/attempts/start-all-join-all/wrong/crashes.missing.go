// A command that cannot be started is counted, and never done.

package startalljoinall

import (
	"os/exec"
	"sync"
	"syscall"
)

type Outcome struct {
	Code   int
	Signal syscall.Signal
	Err    error
}

func Run(commands [][]string) []Outcome {

	outcomes := make([]Outcome, len(commands))
	var wg sync.WaitGroup
	for i, cmd := range prepare(commands) {
		wg.Add(1)
		if err := cmd.Start(); err != nil {
			outcomes[i].Err = err
			continue
		}
		go func() {
			outcomes[i] = outcome(cmd, cmd.Wait())
			wg.Done()
		}()
	}
	wg.Wait()
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
