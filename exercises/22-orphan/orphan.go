// Package orphan lets a child learn that its parent has ended, and go on.
package orphan

import (
	"errors"
	"os"
)

// Start starts a child: this same program, run again with these arguments. It returns while the child runs, and leaves
// it to the caller to wait for the child's end. What cannot be started is an error.
//
// The child has the arguments byte for byte, this process's environment (a variable of yours may be added), and its
// descriptors 0, 1 and 2 themselves, which work on when the parent has ended.
//
// The child's parent is this process, and not the thread or the goroutine that has called Start: these may end.
func Start(args ...string) (*os.Process, error) { return nil, errors.New("not written yet") }

// Await is called in a child of Start, which may have called Start itself. In other processes it is not defined. It
// returns when the child's parent has ended, at once if that was before. The child itself goes on.
//
// The result is the PID of the process that is the parent when Await returns: the one that has adopted the child, or
// the next one, when that has ended, too. It is never the parent that has ended.
//
// A parent that has ended and was not waited for is a zombie: it has ended. One that runs another program (execve(2)), or
// one of whose threads ends, has not. The ends of other processes are none of Await's business: of grandparents, of
// siblings, of an adopter, of a process that was given the parent's PID later.
//
// Await may be called any number of times, which uses up no descriptors, also by several goroutines at once; after the
// parent's end all return. Meanwhile the caller sleeps in the kernel. A signal that interrupts it is not the parent's end,
// and no error. The child's own handlers of signals stay. When it cannot wait, for want of a descriptor for instance, that
// is an error, and not the parent's end.
func Await() (parent int, err error) { return 0, errors.New("not written yet") }
