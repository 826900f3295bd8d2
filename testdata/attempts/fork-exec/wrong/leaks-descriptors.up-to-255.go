// Sets close-on-exec on the numbers up to 255.
package forkexec

import (
	"os"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	for fd := 3; fd < 256; fd++ {
		syscall.CloseOnExec(fd)
	}
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
	}
	return syscall.ForkExec(path, argv, attr)
}
