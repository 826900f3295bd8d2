// Package sigchld clears ended children away in the background, by ignoring SIGCHLD and by handling it.
package sigchld

import (
	"errors"
	"syscall"
)

// Child is a child process that was started by Start.
type Child struct{}

// End is what is known of a child's end. A child that is stopped has not ended.
type End struct {
	Ended  bool               // the child has ended
	Known  bool               // its status is known; false while it runs, and when nobody can tell any more
	Status syscall.WaitStatus // how it ended, where that is known
}

// Ignore has SIGCHLD ignored from here on, but for the moment of a Start: a child that ends is cleared away by the kernel,
// even while this program is stopped, and its status is lost. It may follow Handle, and then takes its place.
//
// Children of Start that have ended before, and are zombies, are cleared away by Ignore itself, and their status is
// known. A zombie of other code's is left alone.
func Ignore() {}

// Handle has SIGCHLD handled from here on: a child of Start that ends is cleared away in the background, whatever the
// caller does, and its status is kept. It may follow Ignore, and then takes its place. Nothing polls.
//
// One signal may stand for many ends: all who have ended are cleared away, those too that ended before Handle was
// called. However many children run, no thread waits for each of them. Children that other code has started are left
// alone, and so are their statuses.
func Handle() {}

// Start starts a program as a child of this one, and returns while it runs. It may be called before Ignore and Handle,
// after either, and by several goroutines at once. A program that cannot be started is an error.
//
// The child does not inherit that SIGCHLD is ignored. And no child of Start stays a zombie because it ended while another
// one was being started.
func Start(path string, args ...string) (*Child, error) { return nil, errors.New("not written yet") }

// Ask tells what is known of the child's end, after Ignore or Handle, and never waits. An ended child whose status is
// lost has ended all the same. The answer stays what it is when a stranger has the child's PID.
func (c *Child) Ask() End { return End{} }

// Wait returns when the child has ended, at once if it has ended already, and tells what Ask tells from then on. It is
// called after Ignore or Handle, any number of times and by several goroutines at once. Other children are not waited
// for. Meanwhile the caller sleeps in the kernel, and Ignore and Handle may take each other's place. What other code has
// open stays open.
func (c *Child) Wait() End { return End{} }
