// A job that has ended is waited for only when it is due again.

package schedule

import (
	"context"
	"fmt"
	"os"
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
	job Job
	due time.Time
	pid int
}

// settle takes the end of the entry's last run, if that has ended.
func settle(e *entry, how int, report func(Job, error)) {
	var status syscall.WaitStatus
	if e.pid == 0 {
		return
	}
	if pid, _ := syscall.Wait4(e.pid, &status, how, nil); pid == e.pid {
		e.pid = 0
		if status != 0 {
			report(e.job, fmt.Errorf("status %x", status))
		}
	}
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
	ctx, restore := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer restore()
	for {
		first := entries[0].due
		for _, e := range entries {
			if e.due.Before(first) {
				first = e.due
			}
		}
		select {
		case <-ctx.Done():
			for _, e := range entries {
				settle(e, 0, report)
			}
			return nil
		case now := <-clock.At(first):
			for _, e := range entries {
				if e.due.After(now) {
					continue
				}
				for !e.due.After(now) {
					e.due = e.due.Add(e.job.Every)
				}
				if settle(e, syscall.WNOHANG, report); e.pid != 0 {
					continue
				}
				if e.pid, err = syscall.ForkExec(exe, append([]string{exe, e.job.Name}, e.job.Args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}}); err != nil {
					e.pid = 0
					report(e.job, err)
				}
			}
		}
	}
}
