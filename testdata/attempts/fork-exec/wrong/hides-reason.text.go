// Keeps the text of the reason, and drops the errno that errors.Is looks for.
package forkexec

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	closeAllOnExec()
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
	}
	pid, err = syscall.ForkExec(path, argv, attr)
	if err != nil {
		return 0, fmt.Errorf("start %s: %v", path, err)
	}
	return pid, nil
}

func closeAllOnExec() {
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		syscall.CloseOnExec(fd)
	}
}
