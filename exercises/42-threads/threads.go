// Package threads runs functions in threads of their own: those that the kernel knows, beside the main one, in one process.
package threads

import "errors"

// Runner is what has a Run method.
type Runner interface{ Run() }

// Thread is a thread of this process: a kernel thread, and what is run in it (gettid(2)). Its methods, and all functions
// here, may be called in any goroutine.
type Thread struct{}

// New describes a thread with a name, not empty, which will call f. It starts nothing. Two threads may have the same name.
func New(name string, f func()) *Thread { return &Thread{} }

// NewRunner describes a thread with a name, not empty, which will call r.Run. It starts nothing.
func NewRunner(name string, r Runner) *Thread { return &Thread{} }

// Start starts the thread, and returns while it runs. By then it has its ID, and is counted. A second Start is an error and
// starts nothing, also when the thread has ended, or when several goroutines call it at once.
//
// The kernel thread is there for this alone: it calls the function, which stays on it from its beginning to its end, unless
// it calls runtime.UnlockOSThread itself. Nothing else runs on the thread meanwhile, and it ends when the function has
// ended, by return or by runtime.Goexit. Before the function is called, the kernel thread has the first 15 bytes of the
// thread's name (proc_pid_comm(5)). The names of other threads, and of the process, stay as they are.
func (t *Thread) Start() error { return errors.New("not written yet") }

// Join sleeps in the kernel until the thread's function has ended, at once if it has already; any number of times, and in
// any number of goroutines. When it returns, the thread is not counted any more.
//
// Two calls are errors, at once: before Start, and by the thread's own function, which would wait for itself. The functions
// of other threads may call it.
func (t *Thread) Join() error { return errors.New("not written yet") }

// Name is the whole name.
func (t *Thread) Name() string { return "" }

// ID is the kernel's number of the thread, its TID, whoever asks; before Start it is 0, and after the end it stays.
func (t *Thread) ID() int { return 0 }

// Current is the Thread whose function calls it. For the main goroutine it is one with the name MainThread, whose ID is
// the PID: that goroutine stays on the process's first thread from the beginning. To start it is an error, and so is a Join
// of it by the main goroutine; others may join it, and sleep. For all other goroutines Current is nil: they have no thread
// of their own, also those that a thread has started.
func Current() *Thread { return nil }

// ActiveCount is how many threads there are: the main one, and those that were started and whose function has not ended,
// joined or not.
func ActiveCount() int { return 0 }
