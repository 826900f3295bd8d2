// A second Start is an error, and leaves the lock locked.

package daemonthread

import (
	"errors"
	"os"
	"runtime"
	"sync"
)

var awaited sync.WaitGroup

func Run(program func() int) {
	code := program()
	awaited.Wait()
	os.Exit(code)
}

type Thread struct {
	work  func()
	ended chan struct{} // closed at the end

	mutex           sync.Mutex
	daemon, started bool
}

func New(daemon bool, work func()) *Thread {
	return &Thread{daemon: daemon, work: work, ended: make(chan struct{})}
}

func (t *Thread) SetDaemon(daemon bool) error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.started {
		return errors.New("daemonthread: cannot set daemon status of a thread that was started")
	}
	t.daemon = daemon
	return nil
}

func (t *Thread) Start() error {
	t.mutex.Lock()
	if t.started {
		return errors.New("daemonthread: threads can only be started once")
	}
	t.started = true
	daemon := t.daemon
	if !daemon {
		awaited.Add(1)
	}
	t.mutex.Unlock()
	go func() {
		runtime.LockOSThread() // for good: the kernel's thread ends with the goroutine
		defer func() {
			close(t.ended)
			if !daemon {
				awaited.Done()
			}
		}()
		t.work()
	}()
	return nil
}

func (t *Thread) Join() error {
	t.mutex.Lock()
	started := t.started
	t.mutex.Unlock()
	if !started {
		return errors.New("daemonthread: cannot join a thread before it is started")
	}
	<-t.ended
	return nil
}
