// Package wait waits for children of this process, whichever of them they are.
package wait

import "syscall"

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
func Any() (child Child, ok bool, err error) { return wait(0) }

// Collect waits for all children of this process that have ended, and gives them, in any order; they are gone then. It
// never sleeps, not even while a goroutine is in Any: the children that run or are stopped are left alone, and that one
// is stopped can still be asked of the kernel. When none has ended, or there is none at all, it gives none, and that is
// no error.
func Collect() ([]Child, error) {
	var children []Child
	for {
		child, ok, err := wait(syscall.WNOHANG)
		if err != nil || !ok {
			return children, err
		}
		children = append(children, child)
	}
}

// wait takes one ended child; ok is false when there is none to take: no child at all, or, with WNOHANG, none that has
// ended.
func wait(options int) (child Child, ok bool, err error) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, options, nil)
		switch {
		case err == syscall.EINTR: // a signal has ended the call, and no child
		case err == syscall.ECHILD || err == nil && pid == 0:
			return child, false, nil
		case err != nil:
			return child, false, err
		default:
			return Child{pid, code(status)}, true, nil
		}
	}
}

func code(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
