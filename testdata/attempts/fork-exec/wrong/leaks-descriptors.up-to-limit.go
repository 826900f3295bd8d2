// Sets close-on-exec up to RLIMIT_NOFILE, which may have been lowered since a descriptor was opened.
package forkexec

import (
	"os"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, err
	}
	for fd := range int(limit.Cur) {
		syscall.CloseOnExec(fd)
	}
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
	}
	return syscall.ForkExec(path, argv, attr)
}
