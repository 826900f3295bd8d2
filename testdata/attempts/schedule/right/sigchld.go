// SIGCHLD says that some child has ended; the loop then asks for its own ones only.

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
	pid int // 0: does not run
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
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGCHLD)
	defer signal.Stop(ended)
	running, stopping, done := 0, false, ctx.Done()
	for !stopping || running > 0 {
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
		case <-ended:
			for _, e := range entries {
				var status syscall.WaitStatus
				if e.pid == 0 {
					continue
				}
				if pid, _ := syscall.Wait4(e.pid, &status, syscall.WNOHANG, nil); pid != e.pid {
					continue
				}
				e.pid = 0
				running--
				if status != 0 {
					report(e.job, fmt.Errorf("wait status %#x", int(status)))
				}
			}
		case now := <-alarm:
			for _, e := range entries {
				if e.due.After(now) {
					continue
				}
				for !e.due.After(now) {
					e.due = e.due.Add(e.job.Every)
				}
				if e.pid != 0 {
					continue
				}
				pid, err := syscall.ForkExec(exe, append([]string{exe, e.job.Name}, e.job.Args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
				if err != nil {
					report(e.job, err)
					continue
				}
				e.pid = pid
				running++
			}
		}
	}
	return nil
}
