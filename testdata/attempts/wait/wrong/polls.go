// Looks for the end of a child every 5 ms.

package wait

import (
	"syscall"
	"time"
)

type Child struct {
	PID  int
	Code int
}

func Any() (Child, bool, error) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.ECHILD:
			return Child{}, false, nil
		case err == nil && pid > 0:
			return Child{pid, code(status)}, true, nil
		}
		time.Sleep(5 * time.Millisecond)
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
