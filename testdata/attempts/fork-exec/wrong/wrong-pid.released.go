// Reads the PID after Release, which has set it to -1.
package forkexec

import (
	"os"
	"strconv"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	closeAllOnExec()
	child, err := os.StartProcess(path, argv, &os.ProcAttr{Env: append([]string{}, env...), Files: files})
	if err != nil {
		return 0, err
	}
	err = child.Release()
	return child.Pid, err
}

func closeAllOnExec() {
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		syscall.CloseOnExec(fd)
	}
}
