// Counts under a mutex, and waits on a condition variable, in Run and in Join.

package daemonthread

import (
	"errors"
	"os"
	"runtime"
	"sync"
)

var (
	mutex   sync.Mutex
	changed = sync.NewCond(&mutex)
	awaited int
)

func Run(program func() int) {
	code := program()
	mutex.Lock()
	for awaited > 0 {
		changed.Wait()
	}
	os.Exit(code)
}

type Thread struct {
	work  func()
	ended bool // guarded by the package's mutex

	mutex           sync.Mutex
	daemon, started bool
}

func New(daemon bool, work func()) *Thread {
	return &Thread{daemon: daemon, work: work}
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
	defer t.mutex.Unlock()
	if t.started {
		return errors.New("daemonthread: threads can only be started once")
	}
	t.started = true
	daemon := t.daemon
	if !daemon {
		mutex.Lock()
		awaited++
		mutex.Unlock() // here, and not in the goroutine: the program may be over before that begins
	}
	go func() {
		runtime.LockOSThread() // for good: the kernel's thread ends with the goroutine
		defer func() {
			mutex.Lock()
			defer mutex.Unlock()
			t.ended = true
			if !daemon {
				awaited--
			}
			changed.Broadcast()
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
	mutex.Lock()
	defer mutex.Unlock()
	for !t.ended {
		changed.Wait()
	}
	return nil
}
