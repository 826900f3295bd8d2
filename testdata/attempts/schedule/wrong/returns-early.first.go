// At the stop the loop waits for one job that works, and returns.

package schedule

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

type Job struct {
	Name  string
	Args  []string
	Every time.Duration
}

type Clock interface {
	Now() time.Time
	At(due time.Time) <-chan time.Time
}

type entry struct {
	job     Job
	due     time.Time
	running bool
}

type result struct {
	entry *entry
	err   error
}

func Run(ctx context.Context, clock Clock, report func(Job, error), jobs ...Job) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	start := clock.Now()
	var entries []*entry
	for _, job := range jobs {
		if job.Every <= 0 {
			return fmt.Errorf("%s: interval %v", job.Name, job.Every)
		}
		entries = append(entries, &entry{job: job, due: start.Add(job.Every)})
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	defer signal.Stop(asked)
	results := make(chan result)
	running, stopping, done := 0, false, ctx.Done()
	for !stopping {
		first := entries[0].due
		for _, e := range entries {
			if e.due.Before(first) {
				first = e.due
			}
		}
		alarm := clock.At(first)
		if stopping {
			alarm = nil
		}
		select {
		case <-asked:
			stopping = true
		case <-done:
			stopping, done = true, nil
		case r := <-results:
			r.entry.running = false
			running--
			if r.err != nil {
				report(r.entry.job, r.err)
			}
		case now := <-alarm:
			for _, e := range entries {
				if e.due.After(now) {
					continue
				}
				for !e.due.After(now) {
					e.due = e.due.Add(e.job.Every)
				}
				if e.running {
					continue
				}
				e.running = true
				running++
				go func() {
					results <- result{e, exec.Command(exe, append([]string{e.job.Name}, e.job.Args...)...).Run()}
				}()
			}
		}
	}
	if running > 0 {
		if r := <-results; r.err != nil {
			report(r.entry.job, r.err)
		}
	}
	return nil
}
