// The signals stand in a channel while the init sleeps in the wait for its children.

package pid1

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

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
		var end syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &end, 0, nil)
		for len(forward) > 0 {
			syscall.Kill(main, (<-forward).(syscall.Signal))
		}
		if pid == main {
			return exitStatus(end), nil
		}
		if err == syscall.ECHILD {
			return 0, err
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
