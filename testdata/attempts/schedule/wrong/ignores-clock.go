// The ticks are those of a real time.Ticker.

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
	var all sync.WaitGroup
	for _, job := range jobs {
		all.Add(1)
		go func() {
			defer all.Done()
			ticker := time.NewTicker(job.Every)
			defer ticker.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-ticker.C:
				}
				if ctx.Err() != nil {
					return
				}
				cmd := exec.Command(exe, append([]string{job.Name}, job.Args...)...)
				if err := cmd.Run(); err != nil {
					report(job, err)
				}
			}
		}()
	}
	all.Wait()
	return nil
}
