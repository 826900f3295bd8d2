// Collects at most 64 children in a call.

package wait

import (
	"sync"

	"golang.org/x/sys/unix"
)

// Child is a child of this process that has ended and was waited for.
type Child struct {
	PID  int
	Code int // 0 to 255: it has exited with this status; -N: signal N has killed it
}

var mu sync.Mutex

// Any looks for an end without taking it, and then takes it under a lock.
func Any() (Child, bool, error) {
	for {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_ALL, 0, &info, unix.WEXITED|unix.WNOWAIT, nil)
		switch err {
		case unix.EINTR:
			continue
		case unix.ECHILD:
			return Child{}, false, nil
		case nil:
		default:
			return Child{}, false, err
		}
		if c, err := one(); err != nil || c.PID != 0 {
			return c, c.PID != 0, err
		}
	}
}

func one() (Child, error) {
	mu.Lock()
	defer mu.Unlock()
	for {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(-1, &ws, unix.WNOHANG, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.ECHILD || pid == 0:
			return Child{}, nil
		case err != nil:
			return Child{}, err
		case ws.Signaled():
			return Child{pid, -int(ws.Signal())}, nil
		}
		return Child{pid, ws.ExitStatus()}, nil
	}
}

// Collect takes one after the other.
func Collect() ([]Child, error) {
	all := make([]Child, 0, 3)
	for {
		c, err := one()
		if err != nil || c.PID == 0 {
			return all, err
		}
		if all = append(all, c); len(all) == 64 {
			return all, nil
		}
	}
}
