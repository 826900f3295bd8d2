// Opens a pipe of its own, to learn of the child's end, and lets the child have it.
package forkexec

import (
	"os"
	"strconv"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	var end [2]int
	if err := syscall.Pipe(end[:]); err != nil {
		return 0, err
	}
	syscall.CloseOnExec(end[0])
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
	}
	pid, err = syscall.ForkExec(path, argv, attr)
	syscall.Close(end[1])
	return pid, err
}

func closeAllOnExec() {
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		syscall.CloseOnExec(fd)
	}
}
