// Has one goroutine wait for all callers, and gives them all the same child.

package wait

import (
	"sync"
	"syscall"
)

type Child struct {
	PID  int
	Code int
}

var (
	mutex   sync.Mutex
	waiting chan struct{} // nil: nobody waits
	last    Child
	any     bool
	failed  error
)

func Any() (Child, bool, error) {
	mutex.Lock()
	if waiting == nil {
		waiting = make(chan struct{})
		go func() {
			last, any, failed = wait()
			mutex.Lock()
			close(waiting)
			waiting = nil
			mutex.Unlock()
		}()
	}
	over := waiting
	mutex.Unlock()
	<-over
	return last, any, failed
}

func wait() (Child, bool, error) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch err {
		case nil:
			return Child{pid, code(status)}, true, nil
		case syscall.EINTR:
		case syscall.ECHILD:
			return Child{}, false, nil
		default:
			return Child{}, false, err
		}
	}
}

func Collect() (children []Child, err error) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.ECHILD || err == nil && pid == 0 {
			return children, nil
		}
		if err != nil {
			return children, err
		}
		children = append(children, Child{pid, code(status)})
	}
}

func code(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
