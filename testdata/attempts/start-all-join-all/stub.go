// Package startalljoinall runs many children at once and waits for all of them.
package startalljoinall

import "syscall"

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
func Run(commands [][]string) []Outcome { return nil } // not written yet
