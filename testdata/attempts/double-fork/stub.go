// Package doublefork starts a process that is not a child of the one that starts it.
package doublefork

import "errors"

// Start runs the file at path in a new process, and returns that process's PID while it runs. A relative path counts from
// this process's directory; there is no search in PATH.
//
// The new process is not this one's child, unless this one is a subreaper already. A middle process starts it and ends, and
// has been waited for when Start returns: no zombie is left of it. So the parent of the new process is the adopter, which
// is the nearest living subreaper above this process, or the init of its PID namespace. It waits for the end; nobody here
// has to, or can.
//
// The new process has the path and the arguments as its argv, and this process's environment, directory and
// descriptors 0, 1 and 2. No other descriptor reaches it, also none that this program was started with. Its session and
// process group are yours to choose. What it holds open does not keep Start, nor does its end.
//
// When the file cannot be run, or an argument is too long for execve, that is an error. Then nothing is left: no process,
// not even a zombie.
//
// Start may be called any number of times, also by several goroutines at once. Meanwhile its caller sleeps in the
// kernel. In this process nothing stays changed, also when the start fails: neither environment, directory nor descriptors;
// its other children live on, and their ends can be waited for as before.
func Start(path string, args ...string) (pid int, err error) {
	return 0, errors.New("not written yet")
}

// Middle stands at the head of main. In a middle process of Start it starts the new process, reports to Start, and
// returns true: main ends the process then. In every other process it returns false at once, also when Start has
// made that process and it is this same program, or when the caller of Start has started it in the ordinary way. There it
// changes nothing: what that process has open stays open.
func Middle() bool { return false }
