// Close-on-exec begins at descriptor 4: what the program has inherited as 3 reaches the child.

package forkexec

import (
	"math"
	"os"

	"golang.org/x/sys/unix"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	if err := unix.CloseRange(4, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return 0, os.NewSyscallError("close_range", err)
	}
	if env == nil {
		env = []string{} // nil would be this process's
	}
	child, err := os.StartProcess(path, argv, &os.ProcAttr{Env: env, Files: files})
	if err != nil {
		return 0, err
	}
	pid = child.Pid // Release sets it to -1
	return pid, child.Release()
}
