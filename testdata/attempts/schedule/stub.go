// Package schedule runs jobs again and again until it is told to stop.
package schedule

import (
	"context"
	"errors"
	"time"
)

// Job is a child process that is run again and again: this same program, with the name as its first argument.
type Job struct {
	Name  string
	Args  []string      // the arguments after the name
	Every time.Duration // from one due time to the next
}

// Clock tells the time. Its methods may be called by several goroutines at once.
type Clock interface {
	// Now is the time.
	Now() time.Time
	// At gives a channel to which the time is sent once, when it is due or later; at once, when due is past.
	At(due time.Time) <-chan time.Time
}

// Run runs the jobs, one or more, until ctx is done or the program gets SIGTERM. Then it starts nothing more, lets
// the jobs that run come to their own end without a signal, and returns nil after the last report; at once, when ctx
// is done before the call. Another SIGTERM changes nothing about that. After Run has returned, the program does with
// SIGTERM what it did before; Run may be called again.
//
// A job is due at start + n*Every for n = 1, 2, 3, ..., where start is the clock's time when Run is called. However
// late a run began and however long it took, the due times stay. One that has come, even just now, when the job's
// run ends is dropped. Several that come at once give one run. Each job has due times of its own, and does not wait
// for another one's end. Two jobs of the same name are two jobs.
//
// No time but the clock's counts. Between due times everything sleeps, and the clock is asked for due times only.
//
// A run has failed when the process could not be started, exited with another status than 0, or was killed. As soon
// as it has, report is called with the job and an error that is not nil, once, perhaps by several goroutines at
// once; report returns soon. The schedule goes on. A run that went well is not reported.
//
// A run is over when its process has ended; what that leaves running is neither waited for nor signalled. It leaves
// no zombie, and no open descriptor after Run. Other children of the program are left alone. Where a job's output
// goes is yours to choose.
//
// When an interval is 0 or less, Run starts nothing and returns an error at once.
func Run(ctx context.Context, clock Clock, report func(job Job, err error), jobs ...Job) error {
	return errors.New("not written yet")
}
