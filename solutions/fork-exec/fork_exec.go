// Package forkexec starts a program the way the kernel does it: path, argv, environment and files chosen by hand.
package forkexec

import (
	"os"
	"runtime"
	"strconv"
	"syscall"
)

// Start runs the file at path in a new process, and returns its PID while it runs. It does not wait for the
// child: that stays with the caller, who has the PID for it.
//
// The child gets exactly argv, argv[0] included, which need not be the path; exactly env, string for string, also
// when it is empty or nil; and exactly the open files of files, each under its index as number. A nil in files leaves
// that number closed, and so is every number behind the list, also 0 to 2. No other descriptor of this process
// reaches the child, whether it has close-on-exec or not, whoever opened it, whatever its number: one opened before
// the limit was lowered is above it. In this process all descriptors stay open, in one table that all its threads
// share; their close-on-exec may change.
//
// The path is taken as it is: nothing is looked up in PATH. When the file cannot be run, the error says why:
// errors.Is finds fs.ErrNotExist, fs.ErrPermission or syscall.ENOEXEC in it. Then there is no child left, not
// even a zombie.
//
// ForkExec does the difficult part. Its child reports a failed exec through a pipe that a successful exec
// closes, and is waited for. It also gives the files their numbers without close-on-exec, so that these alone
// survive. All others must have close-on-exec before: it closes them at the exec, in the child only.
func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	if err := closeAllOnExec(); err != nil {
		return 0, err
	}
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd()) // of a nil *os.File: the number that stands for closed
	}
	pid, err = syscall.ForkExec(path, argv, attr)
	runtime.KeepAlive(files) // a file that nobody uses any more is closed by the garbage collector
	if err != nil {
		return 0, &os.PathError{Op: "fork/exec", Path: path, Err: err}
	}
	return pid, nil
}

// closeAllOnExec sets close-on-exec on every descriptor of this process: what it opened itself has it already
// in Go, what it inherited has not. On Linux 5.11 one close_range(2) with CLOSE_RANGE_CLOEXEC does the same.
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
