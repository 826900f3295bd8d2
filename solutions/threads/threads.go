// Package threads runs functions in threads of their own: those that the kernel knows, beside the main one, in one process.
package threads

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// Runner is what has a Run method.
type Runner interface{ Run() }

// Thread is a thread of this process: a kernel thread, and what is run in it (gettid(2)). Its methods, and all functions
// here, may be called in any goroutine.
type Thread struct {
	name  string
	run   func()
	id    int           // 0 before Start
	ended chan struct{} // nil before Start, closed when run has ended
}

// mutex guards the fields of all threads, and the list of those that live, by TID.
var (
	mutex sync.Mutex
	alive = map[int]*Thread{}
)

// An init function runs on the first thread. Without the lock main would change threads whenever it has slept.
func init() {
	runtime.LockOSThread()
	alive[unix.Gettid()] = &Thread{name: "MainThread", id: unix.Gettid(), ended: make(chan struct{})}
}

// New describes a thread with a name, not empty, which will call f. It starts nothing. Two threads may have the same name.
func New(name string, f func()) *Thread { return &Thread{name: name, run: f} }

// NewRunner describes a thread with a name, not empty, which will call r.Run. It starts nothing.
func NewRunner(name string, r Runner) *Thread { return New(name, r.Run) }

// Start starts the thread, and returns while it runs. By then it has its ID, and is counted. A second Start is an error and
// starts nothing, also when the thread has ended, or when several goroutines call it at once.
//
// The kernel thread is there for this alone: it calls the function, which stays on it from its beginning to its end, unless
// it calls runtime.UnlockOSThread itself. Nothing else runs on the thread meanwhile, and it ends when the function has
// ended, by return or by runtime.Goexit. Before the function is called, the kernel thread has the first 15 bytes of the
// thread's name (proc_pid_comm(5)). The names of other threads, and of the process, stay as they are.
func (t *Thread) Start() error {
	mutex.Lock()
	if t.ended != nil {
		mutex.Unlock()
		return errors.New("threads: a thread can be started once")
	}
	t.ended = make(chan struct{})
	mutex.Unlock()

	began := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: so the thread ends with this goroutine
		err := t.begin()
		defer t.end()
		began <- err
		if err == nil {
			t.run()
		}
	}()
	return <-began
}

// begin is called by the thread itself.
func (t *Thread) begin() error {
	mutex.Lock()
	defer mutex.Unlock()
	t.id = unix.Gettid()
	alive[t.id] = t
	// The kernel cuts the name. /proc/self/comm would be that of the first thread, and so of the process.
	return os.WriteFile(fmt.Sprintf("/proc/self/task/%d/comm", t.id), []byte(t.name), 0)
}

func (t *Thread) end() {
	mutex.Lock()
	defer mutex.Unlock()
	delete(alive, t.id)
	close(t.ended)
}

// Join sleeps in the kernel until the thread's function has ended, at once if it has already; any number of times, and in
// any number of goroutines. When it returns, the thread is not counted any more.
//
// Two calls are errors, at once: before Start, and by the thread's own function, which would wait for itself. The functions
// of other threads may call it.
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

// Name is the whole name.
func (t *Thread) Name() string { return t.name }

// ID is the kernel's number of the thread, its TID, whoever asks; before Start it is 0, and after the end it stays.
func (t *Thread) ID() int {
	mutex.Lock()
	defer mutex.Unlock()
	return t.id
}

// Current is the Thread whose function calls it. For the main goroutine it is one with the name MainThread, whose ID is
// the PID: that goroutine stays on the process's first thread from the beginning. To start it is an error, and so is a Join
// of it by the main goroutine; others may join it, and sleep. For all other goroutines Current is nil: they have no thread
// of their own, also those that a thread has started.
func Current() *Thread {
	mutex.Lock()
	defer mutex.Unlock()
	return alive[unix.Gettid()]
}

// ActiveCount is how many threads there are: the main one, and those that were started and whose function has not ended,
// joined or not.
func ActiveCount() int {
	mutex.Lock()
	defer mutex.Unlock()
	return len(alive)
}
