// Refuses a nil among the files, where a number is to stay closed.
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
	for i, f := range files {
		if f == nil {
			return 0, fmt.Errorf("file %d is nil", i)
		}
		attr.Files = append(attr.Files, f.Fd())
	}
	return syscall.ForkExec(path, argv, attr)
}

func closeAllOnExec() {
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		syscall.CloseOnExec(fd)
	}
}
