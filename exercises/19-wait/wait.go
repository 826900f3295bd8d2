// Package wait waits for children of this process, whichever of them they are.
package wait

import "errors"

// Child is a child of this process that has ended and was waited for.
type Child struct {
	PID  int
	Code int // 0 to 255: it has exited with this status; -N: signal N has killed it
}

// Any waits until a child of this process has ended, whichever it is, and gives that one: at once, if one has ended
// already. Each child is given once, and is gone then; others that have ended stay zombies until a call gives them.
// When there is no child, ok is false, and that is no error; a child that is started later is given again.
//
// Meanwhile the caller sleeps in the kernel, for as long as it takes; when a signal interrupts it, it goes on waiting,
// however often. A child that is stopped or continued has not ended. It does not matter which thread has started a
// child, in which process group it is, and whether Any was asleep already when it was started. How a child ended is no
// error.
//
// Several goroutines may be in Any at once: each gets another child, and when none is left, ok is false for the others.
func Any() (child Child, ok bool, err error) { return child, false, errors.New("not written yet") }

// Collect waits for all children of this process that have ended, and gives them, in any order; they are gone then. It
// never sleeps, not even while a goroutine is in Any: the children that run or are stopped are left alone, and that one
// is stopped can still be asked of the kernel. When none has ended, or there is none at all, it gives none, and that is
// no error.
func Collect() ([]Child, error) { return nil, errors.New("not written yet") }
