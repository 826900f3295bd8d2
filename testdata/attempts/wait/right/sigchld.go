// Is woken by SIGCHLD, and asks without blocking, before and after each signal.

package wait

import (
	"os"
	"os/signal"
	"syscall"
)

type Child struct {
	PID  int
	Code int
}

func Any() (Child, bool, error) {
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGCHLD)
	defer signal.Stop(ends)
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case err == syscall.ECHILD:
			return Child{}, false, nil
		case err != nil:
			return Child{}, false, err
		case pid > 0:
			return Child{pid, code(status)}, true, nil
		default:
			<-ends
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
