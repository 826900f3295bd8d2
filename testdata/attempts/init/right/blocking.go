// One goroutine sleeps in wait4 for whoever ends, another one forwards by way of a pidfd.

package pid1

import (
	"fmt"
	"os"
	"os/signal"
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
	defer signal.Stop(forward)
	for _, s := range before {
		defer signal.Ignore(s)
	}

	main, err := os.StartProcess(path, append([]string{path}, args...), &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
	})
	if err != nil {
		return 0, err
	}
	defer main.Release()
	end := make(chan syscall.WaitStatus)
	go func() {
		for {
			var status syscall.WaitStatus
			if pid, _ := syscall.Wait4(-1, &status, 0, nil); pid == main.Pid {
				for pid > 0 { // those that ended before
					pid, _ = syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
				}
				end <- status
				return
			}
		}
	}()
	for {
		select {
		case status := <-end:
			return exitStatus(status), nil
		case s := <-forward:
			main.Signal(s)
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
