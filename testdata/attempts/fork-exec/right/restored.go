// Leaves the flags of the parent's descriptors as they were.
package forkexec

import (
	"os"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

func Start(path string, argv, env []string, files []*os.File) (pid int, err error) {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0, err
	}
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if err == nil && flags&unix.FD_CLOEXEC == 0 {
			unix.CloseOnExec(fd)
			defer unix.FcntlInt(uintptr(fd), unix.F_SETFD, flags)
		}
	}
	attr := &syscall.ProcAttr{Env: env}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
	}
	pid, err = syscall.ForkExec(path, argv, attr)
	runtime.KeepAlive(files)
	return pid, err
}
