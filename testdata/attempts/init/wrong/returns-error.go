// What is not 0 comes back as an error, too, as from Cmd.Wait.

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
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGCHLD)
	defer signal.Stop(ends)

	main, err := syscall.ForkExec(path, append([]string{path}, args...), &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		return 0, fmt.Errorf("start %s: %w", path, err)
	}
	for {
		select {
		case <-ends:
			if end, ended := reap(main); ended {
				if code := exitStatus(end); code != 0 {
					return code, fmt.Errorf("exit status %d", code)
				}
				return 0, nil
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
		default:
			if pid == main {
				end, ended = status, true
			}
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
