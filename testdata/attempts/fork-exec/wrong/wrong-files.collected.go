// Keeps the files' numbers, and not the files: the garbage collector may close them before the fork.
package forkexec

import (
	"os"
	"strconv"
	"syscall"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	if err := closeAllOnExec(); err != nil {
		return 0, err
	}
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd()) // of a nil *os.File: the number that stands for closed
	}
	pid, err = syscall.ForkExec(path, argv, attr)
	if err != nil {
		return 0, &os.PathError{Op: "fork/exec", Path: path, Err: err}
	}
	return pid, nil
}

func closeAllOnExec() error {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	for _, entry := range open {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil {
			return err
		}
		syscall.CloseOnExec(fd)
	}
	return nil
}
