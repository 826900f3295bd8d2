// Package forkexec starts a program the way the kernel does it: path, argv, environment and files chosen by hand.
package forkexec

import (
	"errors"
	"os"
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
func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	return 0, errors.New("not written yet")
}
