// Closes everything behind the standard files with CLOSE_RANGE_UNSHARE, in the thread that calls.
package forkexec

import (
	"math"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	attr := &syscall.ProcAttr{Env: env}
	last := 2
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
		if f != nil {
			last = max(last, int(f.Fd()))
		}
	}
	if err := unix.CloseRange(uint(last)+1, math.MaxInt32, unix.CLOSE_RANGE_UNSHARE); err != nil {
		return 0, err
	}
	return syscall.ForkExec(path, argv, attr)
}
