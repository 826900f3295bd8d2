// Takes SetDaemon after Start for an error only where it would change something.

package daemonthread

import (
	"errors"
	"runtime"
	"sync"
	"syscall"
)

var (
	mu   sync.Mutex
	cond = sync.NewCond(&mu)
	live int
)

func Run(program func() int) {
	code := program()
	mu.Lock()
	for live > 0 {
		cond.Wait()
	}
	syscall.RawSyscall(syscall.SYS_EXIT_GROUP, uintptr(code), 0, 0)
}

type Thread struct {
	daemon, started, ended bool
	work                   func()
}

func New(daemon bool, work func()) *Thread { return &Thread{daemon: daemon, work: work} }

func (t *Thread) SetDaemon(daemon bool) error {
	mu.Lock()
	defer mu.Unlock()
	if t.started && daemon != t.daemon {
		return errors.New("too late")
	}
	t.daemon = daemon
	return nil
}

func (t *Thread) Start() error {
	mu.Lock()
	defer mu.Unlock()
	if t.started {
		return errors.New("twice")
	}
	t.started = true
	if !t.daemon {
		live++
	}
	go func() {
		runtime.LockOSThread()
		defer func() {
			mu.Lock()
			t.ended = true
			if !t.daemon {
				live--
			}
			cond.Broadcast()
			mu.Unlock()
		}()
		t.work()
	}()
	return nil
}

func (t *Thread) Join() error {
	mu.Lock()
	defer mu.Unlock()
	if !t.started {
		return errors.New("not started")
	}
	for !t.ended {
		cond.Wait()
	}
	return nil
}
