// It asks the clock for every full minute, and looks whether the job is due.

package schedule

import (
	"context"
	"errors"
	"os"
	"os/exec"
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
				for minute := clock.Now(); minute.Before(due); {
					minute = minute.Add(time.Minute)
					select {
					case <-ctx.Done():
						return
					case <-clock.At(minute):
					}
				}
				if ctx.Err() != nil {
					return
				}
				cmd := exec.Command(exe, append([]string{job.Name}, job.Args...)...)
				if err := cmd.Run(); err != nil {
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
