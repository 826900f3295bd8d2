// Join sleeps with the lock of the thread, which SetDaemon and Start want.

package daemonthread

import (
	"errors"
	"os"
	"runtime"
	"sync"
)

var (
	mu    sync.Mutex
	cond  = sync.NewCond(&mu)
	count int
)

func Run(program func() int) {
	code := program()
	mu.Lock()
	for count > 0 {
		cond.Wait()
	}
	os.Exit(code)
}

type Thread struct {
	daemon  bool
	started bool
	work    func()
	own     sync.Mutex
	done    chan bool
}

func New(daemon bool, work func()) *Thread {
	return &Thread{daemon: daemon, work: work, done: make(chan bool)}
}

func (t *Thread) SetDaemon(daemon bool) error {
	t.own.Lock()
	defer t.own.Unlock()
	if t.started {
		return errors.New("started")
	}
	t.daemon = daemon
	return nil
}

func (t *Thread) Start() error {
	t.own.Lock()
	defer t.own.Unlock()
	mu.Lock()
	defer mu.Unlock()
	if t.started {
		return errors.New("started")
	}
	t.started = true
	if !t.daemon {
		count++
	}
	go t.run()
	return nil
}

func (t *Thread) run() {
	runtime.LockOSThread()
	defer t.end()
	t.work()
}

func (t *Thread) end() {
	mu.Lock()
	defer mu.Unlock()
	close(t.done)
	if !t.daemon {
		count--
		cond.Broadcast()
	}
}

func (t *Thread) Join() error {
	t.own.Lock()
	defer t.own.Unlock()
	started := t.started
	if !started {
		return errors.New("not started")
	}
	<-t.done
	return nil
}
