// Trusts that ForkExec hands on nothing but the files: it does not touch what has no close-on-exec.
package forkexec

import (
	"os"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
	}
	return syscall.ForkExec(path, argv, attr)
}
