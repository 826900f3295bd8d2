// Waits for every child, and notes its outcome by its command line.

package startalljoinall

import (
	"fmt"
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

	var mu sync.Mutex
	ends := map[string]Outcome{}
	var wg sync.WaitGroup
	for i, cmd := range prepare(commands) {
		wg.Go(func() {
			end := outcome(cmd, cmd.Run())
			mu.Lock()
			defer mu.Unlock()
			ends[fmt.Sprint(commands[i])] = end
		})
	}
	wg.Wait()
	outcomes := make([]Outcome, len(commands))
	for i, c := range commands {
		outcomes[i] = ends[fmt.Sprint(c)]
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
