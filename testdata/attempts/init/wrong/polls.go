// The children are looked at every ten milliseconds.

package pid1

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func Run(path string, args ...string) (status int, err error) {
	defer ignoreAgain(ignored())
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return 0, fmt.Errorf("become subreaper: %w", err)
	}
	forward := make(chan os.Signal, 64)
	signal.Notify(forward, forwarded()...)
	defer signal.Stop(forward)

	main, err := syscall.ForkExec(path, append([]string{path}, args...), &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		return 0, fmt.Errorf("start %s: %w", path, err)
	}
	for {
		select {
		case <-time.After(10 * time.Millisecond):
			if end, ended := reap(main); ended {
				return exitStatus(end), nil
			}
		case s := <-forward:
			syscall.Kill(main, s.(syscall.Signal))
		}
	}
}
func forwarded() (list []os.Signal) {
	for s := syscall.Signal(1); s <= 64; s++ {
		if s != syscall.SIGCHLD && s != syscall.SIGURG {
			list = append(list, s)
		}
	}
	return list
}
func reap(main int) (end syscall.WaitStatus, ended bool) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil || pid == 0:
			return end, ended
		case pid == main:
			end, ended = status, true
		}
	}
}
func exitStatus(end syscall.WaitStatus) int {
	if end.Signaled() {
		return 128 + int(end.Signal())
	}
	return end.ExitStatus()
}

func ignored() (list []os.Signal) {
	for s := syscall.Signal(1); s <= 64; s++ {
		if signal.Ignored(s) {
			list = append(list, s)
		}
	}
	return list
}

func ignoreAgain(list []os.Signal) {
	for _, s := range list {
		signal.Ignore(s)
	}
}
