// Ends all children, so that there is something to collect.

package wait

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
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
		case syscall.EINTR:
		case syscall.ECHILD:
			return Child{}, false, nil
		default:
			return Child{}, false, err
		}
	}
}

func Collect() (children []Child, err error) {
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		return nil, err
	}
	for _, list := range lists {
		pids, _ := os.ReadFile(list)
		for _, s := range strings.Fields(string(pids)) {
			pid, err := strconv.Atoi(s)
			if err != nil {
				return nil, err
			}
			syscall.Kill(pid, syscall.SIGTERM)
			syscall.Kill(pid, syscall.SIGCONT)
			var status syscall.WaitStatus
			if _, err := syscall.Wait4(pid, &status, 0, nil); err != nil {
				return nil, err
			}
			children = append(children, Child{pid, code(status)})
		}
	}
	return children, nil
}

func code(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
