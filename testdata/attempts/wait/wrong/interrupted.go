// Hands EINTR to the caller as an error.

package wait

import (
	"syscall"
)

type Child struct {
	PID  int
	Code int
}

func Any() (Child, bool, error) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch err {
		case nil:
			return Child{pid, code(status)}, true, nil
		case syscall.ECHILD:
			return Child{}, false, nil
		default:
			return Child{}, false, err
		}
	}
}

func Collect() (children []Child, err error) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.ECHILD || err == nil && pid == 0 {
			return children, nil
		}
		if err != nil {
			return children, err
		}
		children = append(children, Child{pid, code(status)})
	}
}

func code(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
