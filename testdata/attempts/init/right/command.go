// Starts by os/exec, listens to all signals, and sorts them out afterwards.

package pid1

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

func Run(path string, args ...string) (status int, err error) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return 0, fmt.Errorf("become subreaper: %w", err)
	}
	before := ignored()
	all := make(chan os.Signal, 1000)
	signal.Notify(all)
	defer signal.Stop(all)
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGCHLD)
	defer signal.Stop(ends)
	for _, s := range before {
		defer signal.Ignore(s)
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	main := cmd.Process.Pid
	for {
		select {
		case <-ends:
			if end, ended := reap(main); ended {
				return exitStatus(end), nil
			}
		case s := <-all:
			if s != syscall.SIGCHLD && s != syscall.SIGURG {
				syscall.Kill(main, s.(syscall.Signal))
			}
		}
	}
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
