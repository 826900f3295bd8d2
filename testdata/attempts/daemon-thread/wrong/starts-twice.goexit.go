// What has ended by runtime.Goexit can be started again.

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
	done    chan bool
}

func New(daemon bool, work func()) *Thread {
	return &Thread{daemon: daemon, work: work}
}

func (t *Thread) SetDaemon(daemon bool) error {
	mu.Lock()
	defer mu.Unlock()
	if t.started {
		return errors.New("started")
	}
	t.daemon = daemon
	return nil
}

func (t *Thread) Start() error {
	mu.Lock()
	defer mu.Unlock()
	if t.started {
		return errors.New("started")
	}
	t.started, t.done = true, make(chan bool)
	if !t.daemon {
		count++
	}
	go t.run()
	return nil
}

func (t *Thread) run() {
	runtime.LockOSThread()
	ok := false
	defer func() {
		if !ok {
			t.started = false
		}
		t.end()
	}()
	t.work()
	ok = true
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
	mu.Lock()
	done := t.done
	mu.Unlock()
	if done == nil { // started is not asked: what has ended is joined all the same
		return errors.New("not started")
	}
	<-done
	return nil
}
