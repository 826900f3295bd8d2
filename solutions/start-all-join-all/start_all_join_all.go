// Package startalljoinall runs many children at once and waits for all of them.
package startalljoinall

import (
	"os/exec"
	"syscall"
)

// Outcome is how one command ended: one of the three fields says it, and the other two are zero.
type Outcome struct {
	Code   int            // the exit status, 0 to 255, of a child that ended by itself
	Signal syscall.Signal // the signal that a child was killed by
	Err    error          // why the child could not be started
}

// Run runs every command in a child process of the caller's, all of them at the same time, however many they
// are, and returns when the last of them has ended, not before. Meanwhile the caller sleeps in the kernel. A
// stopped child has not ended. Run leaves no zombie of its own, and leaves the caller's other children alone:
// it collects none of them, also when one ends meanwhile.
//
// A command is the path of a program and its arguments; the path is also argv[0]. The outcomes stand in the
// order of the commands, one for each, also for equal ones, in whatever order the children end. Without a
// command there is no outcome.
//
// One failure changes nothing for the others. When a child exits 1 or is killed by a signal, Run still waits
// for the others, and leaves them alone. When a command cannot be started, also because it has no words, its
// outcome says so in Err, and the commands before and after it run, and are waited for, all the same.
//
// Two loops are enough. The second waits for the first child first, even if that ends last: the others keep
// running meanwhile, and one that has ended stays a zombie, with its status, until its turn comes.
func Run(commands [][]string) []Outcome {
	outcomes := make([]Outcome, len(commands))
	children := make([]*exec.Cmd, len(commands))
	for i, command := range commands {
		children[i] = &exec.Cmd{Args: command}
		if len(command) > 0 { // else Start says that there is no command
			children[i].Path = command[0]
		}
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
