// Leaves empty arguments out.
package forkexec

import (
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
	var full []string
	for _, a := range argv {
		if a != "" {
			full = append(full, a)
		}
	}
	return syscall.ForkExec(path, full, attr)
}

func closeAllOnExec() {
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		syscall.CloseOnExec(fd)
	}
}
