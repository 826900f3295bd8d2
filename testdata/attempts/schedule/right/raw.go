// A goroutine for each job that forks, executes and waits by system calls, and drops a due time that has passed.

package schedule

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
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

// once runs the job once.
func once(exe string, job Job) error {
	pid, err := syscall.ForkExec(exe, append([]string{exe, job.Name}, job.Args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	if err != nil {
		return err
	}
	var status syscall.WaitStatus
	for {
		if _, err = syscall.Wait4(pid, &status, 0, nil); err != syscall.EINTR {
			break
		}
	}
	if err == nil && status != 0 {
		err = fmt.Errorf("wait status %#x", int(status))
	}
	return err
}

func Run(ctx context.Context, clock Clock, report func(Job, error), jobs ...Job) error {
	for _, job := range jobs {
		if job.Every <= 0 {
			return errors.New("an interval must be positive")
		}
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, restore := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer restore()
	start := clock.Now()
	var all sync.WaitGroup
	for _, job := range jobs {
		all.Add(1)
		go func() {
			defer all.Done()
			due := start.Add(job.Every)
			for {
				select {
				case <-ctx.Done():
					return
				case <-clock.At(due):
				}
				if ctx.Err() != nil {
					return
				}
				if err := once(exe, job); err != nil {
					report(job, err)
				}
				for !due.After(clock.Now()) {
					due = due.Add(job.Every)
				}
			}
		}()
	}
	all.Wait()
	return nil
}
