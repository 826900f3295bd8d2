// Leaves out what is in the environment twice, and what has no =.
package forkexec

import (
	"math"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
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
	if err := unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return 0, &os.PathError{Op: "close_range", Path: path, Err: err}
	}
	seen := map[string]bool{}
	var e []string
	for _, kv := range env {
		k, _, ok := strings.Cut(kv, "=")
		if !ok || seen[k] {
			continue
		}
		seen[k] = true
		e = append(e, kv)
	}
	pid, err = syscall.ForkExec(path, argv, &syscall.ProcAttr{Env: e, Files: fds})
	if err != nil {
		return 0, &os.PathError{Op: "fork/exec", Path: path, Err: err}
	}
	return pid, nil
}
