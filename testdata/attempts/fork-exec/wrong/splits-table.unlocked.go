// Sets close-on-exec in a table of one thread's own, and gives that thread back to the Go runtime.
package forkexec

import (
	"math"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(done)
		pid, err = start(path, argv, env, files)
	}()
	<-done
	return pid, err
}

func start(path string, argv, env []string, files []*os.File) (int, error) {
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
	}
	if err := unix.Unshare(unix.CLONE_FILES); err != nil {
		return 0, err
	}
	if err := unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return 0, err
	}
	return syscall.ForkExec(path, argv, attr)
}
