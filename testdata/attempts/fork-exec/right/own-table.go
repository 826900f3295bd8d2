// A thread takes a copy of the descriptor table for itself (unshare(2)), closes the rest in there, and forks.
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
	var run func()
	run = func() {
		runtime.LockOSThread() // never unlocked: the thread ends with its table
		if unix.Gettid() == unix.Getpid() {
			go run() // not the first thread, which lives on
			<-done
			runtime.UnlockOSThread()
			return
		}
		pid, err = start(path, argv, env, files)
		close(done)
	}
	go run()
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
		if fd, _ := strconv.Atoi(entry.Name()); !chosen[fd] {
			unix.Close(fd)
		}
	}
	return syscall.ForkExec(path, argv, attr)
}
