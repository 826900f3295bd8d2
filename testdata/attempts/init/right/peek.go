// Looks who has ended before it takes the status, so that nobody is signalled who was waited for.

package pid1

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

func Run(path string, args ...string) (status int, err error) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return 0, fmt.Errorf("become subreaper: %w", err)
	}
	before := ignored()
	forward := make(chan os.Signal, 64)
	signal.Notify(forward, forwarded()...)
	for _, s := range before {
		defer signal.Ignore(s)
	}

	main, err := syscall.ForkExec(path, append([]string{path}, args...), &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		signal.Stop(forward)
		return 0, fmt.Errorf("start %s: %w", path, err)
	}
	var mu sync.Mutex
	go func() {
		for s := range forward {
			mu.Lock()
			syscall.Kill(main, s.(syscall.Signal))
			mu.Unlock()
		}
	}()
	for {
		unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOWAIT, nil)
		mu.Lock()
		end, ended := reap(main)
		if ended {
			signal.Stop(forward)
			close(forward)
			return exitStatus(end), nil
		}
		mu.Unlock()
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
