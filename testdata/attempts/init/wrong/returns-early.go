// Run leaves the main program to a goroutine, and returns.

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
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGCHLD)

	main, err := syscall.ForkExec(path, append([]string{path}, args...), &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		return 0, fmt.Errorf("start %s: %w", path, err)
	}
	go func() {
		for {
			select {
			case <-ends:
				if reap(main) {
					return // and nobody is told how it has ended
				}
			case s := <-forward:
				syscall.Kill(main, s.(syscall.Signal))
			}
		}
	}()
	return 0, nil
}

func forwarded() (list []os.Signal) {
	for s := syscall.Signal(1); s <= 64; s++ {
		if s != syscall.SIGCHLD && s != syscall.SIGURG {
			list = append(list, s)
		}
	}
	return list
}

func reap(main int) (ended bool) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil || pid == 0:
			return ended
		case pid == main:
			ended = true
		}
	}
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
