// Sets close-on-exec up to 1023, as if no number could be higher.
package forkexec

import (
	"os"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	fds := make([]uintptr, len(files))
	for i, f := range files {
		if f == nil {
			fds[i] = ^uintptr(0)
			continue
		}
		fds[i] = f.Fd()
	}
	// every other descriptor: close on exec (ForkExec's dup clears the flag of those that are wanted)
	for fd := 3; fd < 1024; fd++ {
		syscall.CloseOnExec(fd)
	}
	pid, err = syscall.ForkExec(path, argv, &syscall.ProcAttr{Env: env, Files: fds})
	if err != nil {
		return 0, &os.PathError{Op: "fork/exec", Path: path, Err: err}
	}
	return pid, nil
}
