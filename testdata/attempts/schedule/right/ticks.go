// A goroutine for each job makes ticks, which another one takes when it is not at work.

package schedule

import (
	"context"
	"errors"
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

func Run(ctx context.Context, clock Clock, report func(Job, error), jobs ...Job) error {
	for _, job := range jobs {
		if job.Every <= 0 {
			return errors.New("schedule: no interval")
		}
	}
	stop := make(chan struct{})
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	defer signal.Stop(asked)

	var workers sync.WaitGroup
	begin := clock.Now()
	for i := range jobs {
		ticks := make(chan struct{}) // without room: nobody there to take a tick, and it is dropped
		go tick(clock, begin, jobs[i].Every, ticks, stop)
		workers.Add(1)
		go func(job Job) {
			defer workers.Done()
			work(job, report, ticks, stop)
		}(jobs[i])
	}
	select {
	case <-asked:
	case <-ctx.Done():
	}
	close(stop)
	workers.Wait()
	return nil
}

func tick(clock Clock, begin time.Time, every time.Duration, ticks chan<- struct{}, stop <-chan struct{}) {
	for n := time.Duration(1); ; n = clock.Now().Sub(begin)/every + 1 {
		select {
		case <-stop:
			return
		case <-clock.At(begin.Add(n * every)):
		}
		select {
		case ticks <- struct{}{}:
		default:
		}
	}
}

func work(job Job, report func(Job, error), ticks <-chan struct{}, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-ticks:
		}
		select {
		case <-stop:
			return
		default:
		}
		exe, err := os.Executable()
		if err == nil {
			var child *os.Process
			child, err = os.StartProcess(exe, append([]string{exe, job.Name}, job.Args...), &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}})
			if err == nil {
				var state *os.ProcessState
				if state, err = child.Wait(); err == nil && !state.Success() {
					err = errors.New(state.String())
				}
			}
		}
		if err != nil {
			report(job, err)
		}
	}
}
