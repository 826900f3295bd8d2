// Closes the descriptors in a table of one thread's own, and gives that thread back to the Go runtime.
package forkexec

import (
	"os"
	"runtime"
	"strconv"
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
	chosen := map[int]bool{}
	for _, f := range files {
		attr.Files = append(attr.Files, f.Fd())
		chosen[int(f.Fd())] = true
	}
	if err := unix.Unshare(unix.CLONE_FILES); err != nil {
		return 0, err
	}
	open, err := os.ReadDir("/proc/thread-self/fd")
	if err != nil {
		return 0, err
	}
	for _, entry := range open {
		to, _ := os.Readlink("/proc/thread-self/fd/" + entry.Name())
		if fd, _ := strconv.Atoi(entry.Name()); !chosen[fd] && to != "anon_inode:[eventpoll]" && to != "anon_inode:[eventfd]" {
			unix.Close(fd)
		}
	}
	return syscall.ForkExec(path, argv, attr)
}
