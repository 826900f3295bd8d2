// A due time that has come just when the run ends is not left out, so the job is run again at once.

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

type Job struct {
	Name  string
	Args  []string
	Every time.Duration
}

type Clock interface {
	Now() time.Time
	At(due time.Time) <-chan time.Time
}

func Run(ctx context.Context, clock Clock, report func(job Job, err error), jobs ...Job) error {
	for _, j := range jobs {
		if j.Every <= 0 {
			return fmt.Errorf("job %s: interval %v", j.Name, j.Every)
		}
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	start := clock.Now()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for _, j := range jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			due := start.Add(j.Every)
			for {
				select {
				case <-ctx.Done():
					return
				case <-clock.At(due):
				}
				if ctx.Err() != nil {
					return
				}
				cmd := exec.Command(exe, append([]string{j.Name}, j.Args...)...)
				if err := cmd.Run(); err != nil {
					report(j, err)
				}
				for due = due.Add(j.Every); due.Before(clock.Now()); {
					due = due.Add(j.Every)
				}
			}
		}()
	}
	wg.Wait()
	return nil
}
