// Looks who has ended with WNOWAIT, takes that one, and looks again when somebody else was faster.

package wait

import (
	"syscall"

	"golang.org/x/sys/unix"
)

type Child struct {
	PID  int
	Code int
}

func Any() (Child, bool, error) {
	for {
		switch err := unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOWAIT, nil); err {
		case nil:
			if children, err := collect(1); err != nil || len(children) > 0 {
				return append(children, Child{})[0], len(children) > 0, err
			}
		case unix.EINTR:
		case unix.ECHILD:
			return Child{}, false, nil
		default:
			return Child{}, false, err
		}
	}
}

func Collect() ([]Child, error) { return collect(-1) }

// collect takes so many at most; -1 stands for all.
func collect(most int) (children []Child, err error) {
	for most < 0 || len(children) < most {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.ECHILD || err == nil && pid == 0 {
			break
		}
		if err != nil {
			return children, err
		}
		children = append(children, Child{pid, code(status)})
	}
	return children, nil
}

func code(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
