// Package daemonthread ends a program that has threads: some it waits for, and daemons, which it cuts off.
package daemonthread

import "errors"

// Run runs the program, in the goroutine that calls it. When that returns, Run sleeps until all threads have ended that were
// started and are no daemons, also those that are started meanwhile. Then it ends the process with the exit code that the
// program has returned, 0 to 255. Daemons go on working until then, and are cut off: nothing more of them runs, not even a
// deferred function. Run is called once, and never returns.
func Run(program func() int) {}

// Thread is a thread of this process.
type Thread struct{}

// New describes a thread that does this work, as a daemon or not. It starts nothing.
func New(daemon bool, work func()) *Thread { return &Thread{} }

// SetDaemon says whether the thread will be a daemon; before Start the last word counts. After Start, also when the thread
// has ended, it is an error and changes nothing.
func (t *Thread) SetDaemon(daemon bool) error { return errors.New("not written yet") }

// Start starts the thread and returns while it works, whoever calls it: the program or another thread, a daemon too. The
// work is done once, in a thread of the kernel that nobody else uses, from its begin to its end. It ends when the work
// returns, or calls runtime.Goexit. A second Start, also at the same moment, is an error and starts nothing.
// When the work has ended its goroutine ends, too.
func (t *Thread) Start() error { return errors.New("not written yet") }

// Join sleeps until the thread has ended, be it a daemon or not; at once, if it has ended already. Any number of goroutines
// may call it, any number of times. Before Start it is an error, at once.
func (t *Thread) Join() error { return errors.New("not written yet") }
