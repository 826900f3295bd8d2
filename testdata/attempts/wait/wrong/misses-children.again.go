// Remembers that there was no child, and does not ask again.

package wait

import (
	"sync/atomic"
	"syscall"
)

type Child struct {
	PID  int
	Code int
}

func wait(options int) (c Child, ok bool, err error) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, options, nil)
		switch {
		case err == syscall.EINTR:
		case err == syscall.ECHILD || err == nil && pid == 0:
			return c, false, nil
		case err != nil:
			return c, false, err
		case status.Signaled():
			return Child{pid, -int(status.Signal())}, true, nil
		default:
			return Child{pid, status.ExitStatus()}, true, nil
		}
	}
}

var none atomic.Bool

func Any() (Child, bool, error) {
	if none.Load() {
		return Child{}, false, nil
	}
	c, ok, err := wait(0)
	if !ok && err == nil {
		none.Store(true)
	}
	return c, ok, err
}

func Collect() (children []Child, err error) {
	for {
		c, ok, err := wait(syscall.WNOHANG)
		if err != nil || !ok {
			return children, err
		}
		children = append(children, c)
	}
}
