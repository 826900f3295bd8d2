// Goroutines, but a lock lets only one of them run its child at a time.

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
	var mu sync.Mutex
	for i, cmd := range prepare(commands) {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			outcomes[i] = outcome(cmd, cmd.Run())
		})
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
