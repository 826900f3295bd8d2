// A thread that has ended can be started again.

package threads

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

type Runner interface{ Run() }

type Thread struct {
	name  string
	run   func()
	id    int
	alive bool
	ended chan struct{}
}

var (
	mutex sync.Mutex
	alive = map[int]*Thread{}
)

func init() {
	runtime.LockOSThread()
	alive[unix.Gettid()] = &Thread{name: "MainThread", id: unix.Gettid()}
}

func New(name string, f func()) *Thread { return &Thread{name: name, run: f} }

func NewRunner(name string, r Runner) *Thread { return New(name, r.Run) }

func (t *Thread) Start() error {
	mutex.Lock()
	if t.alive {
		mutex.Unlock()
		return errors.New("threads: a thread can be started once")
	}
	t.alive = true
	t.ended = make(chan struct{})
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
	return os.WriteFile(fmt.Sprintf("/proc/self/task/%d/comm", t.id), []byte(t.name), 0)
}

func (t *Thread) end() {
	mutex.Lock()
	defer mutex.Unlock()
	delete(alive, t.id)
	t.alive = false
	close(t.ended)
}

func (t *Thread) Join() error {
	mutex.Lock()
	ended := t.ended
	mutex.Unlock()
	if ended == nil {
		return errors.New("threads: thread not started")
	}
	if Current() == t {
		return errors.New("threads: cannot join the current thread")
	}
	<-ended
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
