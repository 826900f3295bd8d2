// Sets close-on-exec at the first start: what is opened afterwards reaches the next child.
package forkexec

import (
	"os"
	"strconv"
	"sync"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	once.Do(closeAllOnExec)
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
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

var once sync.Once
