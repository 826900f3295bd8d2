// The goroutines of daemons stay.

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
	return &Thread{daemon: daemon, work: work, done: make(chan bool)}
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
	t.started = true
	if !t.daemon {
		count++
	}
	go t.run()
	return nil
}

func (t *Thread) run() {
	runtime.LockOSThread()
	defer func() {
		t.end()
		if t.daemon {
			select {}
		}
	}()
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
	mu.Lock()
	started := t.started
	mu.Unlock()
	if !started {
		return errors.New("not started")
	}
	<-t.done
	return nil
}
