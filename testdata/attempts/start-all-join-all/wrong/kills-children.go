// A time limit on the children: whoever takes longer is killed.

package startalljoinall

import (
	"context"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

type Outcome struct {
	Code   int
	Signal syscall.Signal
	Err    error
}

func Run(commands [][]string) []Outcome {

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	outcomes := make([]Outcome, len(commands))
	var wg sync.WaitGroup
	for i, c := range commands {
		cmd := exec.CommandContext(ctx, c[0], c[1:]...)
		wg.Go(func() { outcomes[i] = outcome(cmd, cmd.Run()) })
	}
	wg.Wait()
	return outcomes
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
