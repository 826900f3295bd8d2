// Package startalljoinall runs many children at once and waits for all of them.
package startalljoinall

import "syscall"

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
func Run(commands [][]string) []Outcome { return nil } // not written yet
