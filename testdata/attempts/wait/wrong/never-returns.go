// Waits for the next SIGCHLD, and those who have ended before have sent theirs.

package wait

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
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
		var info unix.Siginfo
		if err := unix.Waitid(unix.P_ALL, 0, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil); err == unix.ECHILD {
			return Child{}, false, nil
		}
		<-ends
		var status syscall.WaitStatus
		if pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil); err == nil && pid > 0 {
			return Child{pid, code(status)}, true, nil
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
