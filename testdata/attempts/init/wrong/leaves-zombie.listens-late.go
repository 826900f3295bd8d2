// Listens to SIGCHLD when the main program has been started.

package pid1

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// Run runs the main program as an init does, and returns when it has ended, with the status that the init is to exit
// with: the main program's own, or 128+N when signal N has ended it. It is called once, and sleeps in the kernel meanwhile.
//
// The main program gets exactly these arguments, and the init's environment, directory, input and output; no signal
// is ignored for it that was not before. That it cannot be started is an error, and then no child is left.
//
// Whoever loses its parent below the main program becomes a child of the init, whether that is PID 1 or not. Every child
// that ends is cleared away at once, also when many have ended while the init was stopped: whoever ended before the main
// program was collected is gone when Run returns. None of that ends the init, and neither does a main program that is
// stopped.
//
// Every signal that the init is sent, and that os/signal can catch, goes on to the main program, once, and to nobody else;
// those that came while that was being started, when it has been. SIGCHLD and SIGURG do not.
//
// When the main program has ended, Run waits for nobody else and ends nobody, and nothing is forwarded any more. After Run,
// which may have been an error, signals have the effect for the caller that they had before.
func Run(path string, args ...string) (status int, err error) {
	// The kernel gives orphans to the nearest subreaper above them. A PID 1 is one anyway.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return 0, fmt.Errorf("become subreaper: %w", err)
	}

	// Both before there is a main program: what comes early waits here.
	before := ignored()
	forward := make(chan os.Signal, 64)
	signal.Notify(forward, forwarded()...)
	defer signal.Stop(forward)
	for _, s := range before { // Stop alone would give them their usual effect
		defer signal.Ignore(s)
	}

	main, err := syscall.ForkExec(path, append([]string{path}, args...), &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		return 0, fmt.Errorf("start %s: %w", path, err)
	}
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGCHLD)
	defer signal.Stop(ends)
	for {
		select {
		case <-ends:
			if end, ended := reap(main); ended {
				return exitStatus(end), nil
			}
		case s := <-forward: // the main program has not been waited for: the PID is still its own
			syscall.Kill(main, s.(syscall.Signal))
		}
	}
}

// forwarded are the signals for the main program: all but those that the kernel and the Go runtime send to the init
// itself.
func forwarded() (list []os.Signal) {
	for s := syscall.Signal(1); s <= 64; s++ {
		if s != syscall.SIGCHLD && s != syscall.SIGURG {
			list = append(list, s)
		}
	}
	return list
}

// ignored are the signals that the caller ignores.
func ignored() (list []os.Signal) {
	for s := syscall.Signal(1); s <= 64; s++ {
		if signal.Ignored(s) {
			list = append(list, s)
		}
	}
	return list
}

// reap clears away all children that have ended: one SIGCHLD may stand for many. It tells how the main program ended if
// that is among them.
func reap(main int) (end syscall.WaitStatus, ended bool) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil || pid == 0: // nobody is left, or nobody has ended
			return end, ended
		case pid == main:
			end, ended = status, true
		}
	}
}

// exitStatus makes of an end what the init can exit with. It cannot end by the same signal: the kernel keeps all signals from
// a PID 1 that it has no handler for, also its own (pid_namespaces(7)).
func exitStatus(end syscall.WaitStatus) int {
	if end.Signaled() {
		return 128 + int(end.Signal())
	}
	return end.ExitStatus()
}
