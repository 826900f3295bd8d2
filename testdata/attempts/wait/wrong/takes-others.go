// Takes all that have ended, and keeps those that it does not give for the next call.

package wait

import (
	"sync"
	"syscall"
)

type Child struct {
	PID  int
	Code int
}

func wait(options int) (c Child, ok bool, err error) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, options, nil)
		switch {
		case err == syscall.EINTR:
		case err == syscall.ECHILD || err == nil && pid == 0:
			return c, false, nil
		case err != nil:
			return c, false, err
		case status.Signaled():
			return Child{pid, -int(status.Signal())}, true, nil
		default:
			return Child{pid, status.ExitStatus()}, true, nil
		}
	}
}

var (
	mu   sync.Mutex
	kept []Child
)

func Any() (Child, bool, error) {
	mu.Lock()
	if len(kept) > 0 {
		defer mu.Unlock()
		c := kept[0]
		kept = kept[1:]
		return c, true, nil
	}
	mu.Unlock()
	c, ok, err := wait(0)
	if err != nil || !ok {
		return c, ok, err
	}
	others, err := Collect()
	mu.Lock()
	defer mu.Unlock()
	kept = append(kept, others...)
	return c, true, err
}

func Collect() (children []Child, err error) {
	mu.Lock()
	defer mu.Unlock()
	children, kept = kept, nil
	for {
		c, ok, err := wait(syscall.WNOHANG)
		if err != nil || !ok {
			return children, err
		}
		children = append(children, c)
	}
}
