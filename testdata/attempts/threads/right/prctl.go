// The name is set by prctl(2), and a condition wakes those who join.

package threads

import (
	"errors"
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Runner interface{ Run() }

type Thread struct {
	name  string
	run   func()
	id    int
	begun bool
	over  bool
}

var (
	mutex sync.Mutex
	alive = map[int]*Thread{}
	ended = sync.NewCond(&mutex)
)

func init() {
	runtime.LockOSThread()
	alive[unix.Gettid()] = &Thread{name: "MainThread", id: unix.Gettid(), begun: true}
}

func New(name string, f func()) *Thread { return &Thread{name: name, run: f} }

func NewRunner(name string, r Runner) *Thread { return New(name, r.Run) }

func (t *Thread) Start() error {
	mutex.Lock()
	if t.id != 0 || t.begun {
		mutex.Unlock()
		return errors.New("threads: a thread can be started once")
	}
	t.begun = true
	mutex.Unlock()

	began := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := t.begin()
		defer t.end()
		began <- err
		if err == nil {
			t.run()
		}
	}()
	return <-began
}

func (t *Thread) begin() error {
	mutex.Lock()
	defer mutex.Unlock()
	t.id = unix.Gettid()
	alive[t.id] = t
	name, err := unix.ByteSliceFromString(t.name)
	if err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0)
}

func (t *Thread) end() {
	mutex.Lock()
	defer mutex.Unlock()
	delete(alive, t.id)
	t.over = true
	ended.Broadcast()
}

func (t *Thread) Join() error {
	mutex.Lock()
	defer mutex.Unlock()
	if !t.begun {
		return errors.New("threads: thread not started")
	}
	if alive[unix.Gettid()] == t {
		return errors.New("threads: cannot join the current thread")
	}
	for !t.over {
		ended.Wait()
	}
	return nil
}

func (t *Thread) Name() string { return t.name }

func (t *Thread) ID() int {
	mutex.Lock()
	defer mutex.Unlock()
	return t.id
}

func Current() *Thread {
	mutex.Lock()
	defer mutex.Unlock()
	return alive[unix.Gettid()]
}

func ActiveCount() int {
	mutex.Lock()
	defer mutex.Unlock()
	return len(alive)
}
