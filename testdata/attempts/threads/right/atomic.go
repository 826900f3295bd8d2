// The list is a sync.Map by TID, the count and the IDs are atomic.

package threads

import (
	"errors"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
)

type Runner interface{ Run() }

type Thread struct {
	name    string
	run     func()
	id      atomic.Int64
	started atomic.Bool
	ended   chan struct{}
}

var (
	alive sync.Map
	count atomic.Int64
)

var _ = func() *Thread {
	runtime.LockOSThread()
	t := &Thread{name: "MainThread", ended: make(chan struct{})}
	t.started.Store(true)
	t.register()
	return t
}()

func (t *Thread) register() {
	t.id.Store(int64(syscall.Gettid()))
	alive.Store(syscall.Gettid(), t)
	count.Add(1)
}

func New(name string, f func()) *Thread {
	return &Thread{name: name, run: f, ended: make(chan struct{})}
}

func NewRunner(name string, r Runner) *Thread { return New(name, func() { r.Run() }) }

func (t *Thread) Start() error {
	if t.started.Swap(true) {
		return errors.New("started before")
	}
	var began sync.Mutex
	began.Lock()
	go func() {
		runtime.LockOSThread()
		defer func() {
			alive.Delete(syscall.Gettid())
			count.Add(-1)
			close(t.ended)
		}()
		os.WriteFile("/proc/thread-self/comm", []byte(t.name[:min(len(t.name), 15)]), 0)
		t.register()
		began.Unlock()
		t.run()
	}()
	began.Lock()
	return nil
}

func (t *Thread) Join() error {
	if !t.started.Load() {
		return errors.New("not started")
	}
	if t == Current() {
		return errors.New("that would be a deadlock")
	}
	<-t.ended
	return nil
}

func (t *Thread) Name() string { return t.name }

func (t *Thread) ID() int { return int(t.id.Load()) }

func Current() *Thread {
	t, _ := alive.Load(syscall.Gettid())
	thread, _ := t.(*Thread)
	return thread
}

func ActiveCount() int { return int(count.Load()) }
