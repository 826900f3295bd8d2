// A goroutine for each job asks for its due times, and goes on to do so when Run has returned and nobody listens.

package schedule

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
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
	if slices.ContainsFunc(jobs, func(j Job) bool { return j.Every <= 0 }) {
		return errors.New("schedule: every interval must be longer than 0")
	}
	begin := clock.Now()
	due := make(chan int)
	for i, job := range jobs {
		go func() {
			for n := time.Duration(1); ; n = max(n, clock.Now().Sub(begin)/job.Every) + 1 {
				<-clock.At(begin.Add(n * job.Every))
				due <- i
			}
		}()
	}

	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	defer signal.Stop(term)
	var mutex sync.Mutex
	idle := sync.NewCond(&mutex)
	working := make([]bool, len(jobs))
	for {
		select {
		case <-ctx.Done():
		case <-term:
		case i := <-due:
			mutex.Lock()
			busy := working[i]
			working[i] = true
			mutex.Unlock()
			if !busy {
				go func() {
					if err := once(jobs[i]); err != nil {
						report(jobs[i], err)
					}
					mutex.Lock()
					working[i] = false
					mutex.Unlock()
					idle.Broadcast()
				}()
			}
			continue
		}
		break
	}
	mutex.Lock()
	defer mutex.Unlock()
	for slices.Contains(working, true) {
		idle.Wait()
	}
	return nil
}

func once(job Job) error {
	runtime.LockOSThread() // the thread ends with the goroutine
	cmd := exec.CommandContext(context.Background(), "/proc/self/exe", append([]string{job.Name}, job.Args...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd.Run()
}
