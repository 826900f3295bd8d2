// Starts in a loop; a goroutine per child waits and sends its outcome with its place.

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

	type end struct {
		place int
		Outcome
	}
	ends := make(chan end)
	running := 0
	for i, cmd := range cmds {
		if outcomes[i].Err == nil {
			running++
			go func() { ends <- end{i, outcome(cmd, cmd.Wait())} }()
		}
	}
	for range running {
		e := <-ends
		outcomes[e.place] = e.Outcome
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
