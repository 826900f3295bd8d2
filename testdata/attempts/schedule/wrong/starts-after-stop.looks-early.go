// Asks whether it is to stop before it waits, and not again behind that.

package schedule

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
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
	for _, job := range jobs {
		if job.Every <= 0 {
			return fmt.Errorf("schedule: job %s every %v: the interval must be positive", job.Name, job.Every)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, restore := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer restore() // at the very end: until then another SIGTERM must not end the program
	s := &schedule{ctx: ctx, clock: clock, report: report, exe: exe, start: clock.Now()}
	var all sync.WaitGroup
	for _, job := range jobs {
		all.Go(func() { s.repeat(job) })
	}
	all.Wait()
	return nil
}

// schedule is what the jobs of one Run have in common.
type schedule struct {
	ctx    context.Context
	clock  Clock
	report func(Job, error)
	exe    string
	start  time.Time
}

// repeat runs one job whenever it is due, and returns when the schedule is to stop. A run is waited for here, so the
// job cannot overlap with itself.
func (s *schedule) repeat(job Job) {
	for {
		if s.ctx.Err() != nil {
			return
		}
		select {
		case <-s.ctx.Done():
		case <-s.clock.At(s.next(job)):
		}
		if err := s.run(job); err != nil {
			s.report(job, err)
		}
	}
}

// next is the job's first due time from now on. It is counted from the start, so that no delay adds up, and what
// has passed is left out.
func (s *schedule) next(job Job) time.Time {
	passed := s.clock.Now().Sub(s.start) / job.Every
	return s.start.Add((passed + 1) * job.Every)
}

// run runs the job once, and returns after its end. It is not bound to the context, which would kill it at the stop.
func (s *schedule) run(job Job) error {
	cmd := exec.Command(s.exe, append([]string{job.Name}, job.Args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr // files: no pipe that Run would read to its end
	return cmd.Run()
}
