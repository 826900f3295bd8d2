// Quotes the arguments, as one does for a shell. There is none.
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
	quoted := []string{argv[0], argv[1]}
	for _, a := range argv[2:] {
		quoted = append(quoted, strconv.Quote(a))
	}
	return syscall.ForkExec(path, quoted, attr)
}

func closeAllOnExec() {
	open, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		syscall.CloseOnExec(fd)
	}
}
