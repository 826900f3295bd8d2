// Waits for the first child that /proc lists.

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
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		return Child{}, false, err
	}
	for _, list := range lists {
		pids, _ := os.ReadFile(list)
		for _, first := range strings.Fields(string(pids)) {
			pid, err := strconv.Atoi(first)
			if err != nil {
				return Child{}, false, err
			}
			var status syscall.WaitStatus
			for err = syscall.EINTR; err == syscall.EINTR; {
				_, err = syscall.Wait4(pid, &status, 0, nil)
			}
			return Child{pid, code(status)}, err == nil, err
		}
	}
	return Child{}, false, nil
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
