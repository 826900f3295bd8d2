// Thinks only of the files that were handed over.
package forkexec

import (
	"os"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	for _, f := range files {
		if f != nil {
			syscall.CloseOnExec(int(f.Fd()))
		}
	}
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
	}
	return syscall.ForkExec(path, argv, attr)
}
