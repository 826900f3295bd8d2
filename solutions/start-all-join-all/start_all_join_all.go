// Package startalljoinall runs many children at once and waits for all of them.
package startalljoinall

import (
	"os/exec"
	"syscall"
)

// Outcome is how one command ended.
type Outcome struct {
	Code   int            // the exit status of a child that ended by itself
	Signal syscall.Signal // the signal that a child was killed by; 0: none
	Err    error          // why the child could not be started; nil: it was
}

// Run runs every command in a child process of its own, all of them at the same time, and returns when the
// last of them has ended, not before. Meanwhile the caller sleeps in the kernel. It leaves no zombie.
//
// A command is the path of a program and its arguments. The outcomes stand in the order of the commands,
// one for each, in whatever order the children end.
//
// One failure changes nothing for the others. When a child exits 1 or is killed by a signal, Run still waits
// for the others, and leaves them alone. When a command cannot be started, its outcome says so in Err, and
// the commands before and behind it run, and are waited for, all the same.
//
// Two loops are enough. The second waits for the first child first, even if that ends last: the others keep
// running meanwhile, and one that has ended stays a zombie, with its status, until its turn comes.
func Run(commands [][]string) []Outcome {
	outcomes := make([]Outcome, len(commands))
	children := make([]*exec.Cmd, len(commands))
	for i, command := range commands {
		children[i] = exec.Command(command[0], command[1:]...)
		outcomes[i].Err = children[i].Start()
	}
	for i, child := range children {
		if outcomes[i].Err == nil {
			outcomes[i] = join(child)
		}
	}
	return outcomes
}

// join waits for one child. An exit status of 1 or a signal is no error of the wait, so what Wait returns
// counts only when the kernel gave no status.
func join(child *exec.Cmd) Outcome {
	if err := child.Wait(); child.ProcessState == nil {
		return Outcome{Err: err}
	}
	status := child.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return Outcome{Signal: status.Signal()}
	}
	return Outcome{Code: status.ExitStatus()}
}
