// Lets a moment pass before it collects, for those that are about to end.

package wait

import (
	"syscall"
	"time"
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

func Any() (Child, bool, error) { return wait(0) }

func Collect() (children []Child, err error) {
	time.Sleep(time.Second)
	for {
		c, ok, err := wait(syscall.WNOHANG)
		if err != nil || !ok {
			return children, err
		}
		children = append(children, c)
	}
}
