// Thinks that close-on-exec has to be kept from the parent: CLOSE_RANGE_UNSHARE takes one thread out of the common table.
package forkexec

import (
	"math"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	runtime.LockOSThread() // no other thread has this table: it is this one that forks
	defer runtime.UnlockOSThread()
	err = unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_UNSHARE|unix.CLOSE_RANGE_CLOEXEC)
	if err != nil {
		return 0, err
	}
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
	}
	return syscall.ForkExec(path, argv, attr)
}
