// Current goes by the profiler's labels, which a goroutine inherits from the one that has started it.

package threads

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	_ "runtime/pprof"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Runner interface{ Run() }

type Thread struct {
	mu    sync.Mutex
	name  string
	r     Runner
	begun bool
	tid   int
	over  chan struct{}
}

type call func()

func (c call) Run() { c() }

var (
	mu     sync.RWMutex
	active = map[*Thread]bool{}
	top    *Thread
)

//go:linkname setLabels runtime/pprof.runtime_setProfLabel
func setLabels(labels unsafe.Pointer)

//go:linkname getLabels runtime/pprof.runtime_getProfLabel
func getLabels() unsafe.Pointer

func init() {
	runtime.LockOSThread()
	top = &Thread{name: "MainThread", begun: true, tid: unix.Getpid(), over: make(chan struct{})}
	active[top] = true
	setLabels(unsafe.Pointer(top))
}

func New(name string, f func()) *Thread {
	return NewRunner(name, call(f))
}

func NewRunner(name string, r Runner) *Thread {
	return &Thread{name: name, r: r, over: make(chan struct{})}
}

func (t *Thread) Start() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.begun {
		return os.ErrExist
	}
	t.begun = true
	var ready sync.WaitGroup
	ready.Add(1)
	go t.run(&ready)
	ready.Wait()
	return nil
}

func (t *Thread) run(ready *sync.WaitGroup) {
	runtime.LockOSThread()
	runtime.LockOSThread()
	var name [16]byte
	copy(name[:15], t.name)
	p, _ := unix.BytePtrFromString(string(bytes.TrimRight(name[:], "\x00")))
	_ = unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(p)), 0, 0, 0)
	t.tid = unix.Gettid()
	setLabels(unsafe.Pointer(t))
	mu.Lock()
	active[t] = true
	mu.Unlock()
	ready.Done()
	defer close(t.over)
	defer func() {
		mu.Lock()
		delete(active, t)
		mu.Unlock()
	}()
	t.r.Run()
}

func (t *Thread) Join() error {
	t.mu.Lock()
	begun := t.begun
	t.mu.Unlock()
	if !begun {
		return errors.New("not started")
	}
	if t == Current() {
		return errors.New("a thread does not wait for itself")
	}
	<-t.over
	return nil
}

func (t *Thread) Name() string { return t.name }

func (t *Thread) ID() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.tid
}

func Current() *Thread {
	mu.RLock()
	defer mu.RUnlock()
	if t := (*Thread)(getLabels()); active[t] {
		return t
	}
	return nil
}

func ActiveCount() int {
	mu.RLock()
	defer mu.RUnlock()
	return len(active)
}
