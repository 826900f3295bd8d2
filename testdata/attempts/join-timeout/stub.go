// Package jointimeout waits for a child process, with and without a limit.
package jointimeout

import (
	"errors"
	"time"
)

// Process is a child process that can be waited for.
type Process struct{}

// New describes a child: this same program, run with these arguments. It starts nothing.
func New(args ...string) *Process { return &Process{} }

// Start starts the child and returns while it runs. When it cannot be started, that is an error.
func (p *Process) Start() error { return errors.New("not written yet") }

// Join waits without a limit: it returns when the child has ended, and leaves no zombie. After the child's end
// it returns at once, any number of times. An exit status of 7 or a death by a signal is no error. A child that
// is stopped has not ended. Before Start, or after one that failed, it is an error; Start may follow, and then
// joins work.
func (p *Process) Join() error { return errors.New("not written yet") }

// JoinTimeout waits like Join, but at most so long, and says whether the child has ended.
//
// When the limit passes first, that is no error: the answer is false, and not before the limit has passed. The
// child lives on, and a later Join or JoinTimeout still gets its end and its exit status. The limit may be any
// Duration, also the longest. While it waits, the caller sleeps in the kernel. Others may wait at the same
// time, for this child or another, and each keeps to its own limit.
//
// A limit of zero or less asks and does not wait: true when the child has ended, which also clears its zombie,
// false when it has not. An end that is only a moment old may be missed; a later question finds it.
//
// Nothing is left behind of a call, whatever its limit and whoever was first: no goroutine or thread that still
// waits, no open file, no process. Before Start, or after one that failed, it is an error, for any limit.
func (p *Process) JoinTimeout(limit time.Duration) (ended bool, err error) {
	return false, errors.New("not written yet")
}

// ExitCode gives the child's exit status once a join has said that it has ended. It is -1 while the child runs,
// before Start, and when a signal has ended the child; between the end and a join it may be -1 or the status. It
// never waits.
func (p *Process) ExitCode() int { return 0 }
