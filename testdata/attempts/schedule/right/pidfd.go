// One thread sleeps in poll, over a pidfd for each running job and a pipe that says that something else has happened.

package schedule

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
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
	job        Job
	due        time.Time
	pid, pidfd int
}

type schedule struct {
	clock    Clock
	report   func(Job, error)
	entries  []*entry
	stopping atomic.Bool
	wake     [2]int
}

func Run(ctx context.Context, clock Clock, report func(Job, error), jobs ...Job) error {
	s := &schedule{clock: clock, report: report}
	start := clock.Now()
	for _, job := range jobs {
		if job.Every <= 0 {
			return fmt.Errorf("schedule: job %s: interval %v", job.Name, job.Every)
		}
		s.entries = append(s.entries, &entry{job: job, due: start.Add(job.Every), pidfd: -1})
	}
	if err := unix.Pipe2(s.wake[:], unix.O_CLOEXEC); err != nil {
		return err
	}
	stop := make(chan struct{})
	var helpers sync.WaitGroup
	defer func() {
		close(stop)
		helpers.Wait()
		unix.Close(s.wake[0])
		unix.Close(s.wake[1])
	}()

	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	defer signal.Stop(term)
	helpers.Add(1)
	go func() {
		defer helpers.Done()
		select {
		case <-term:
		case <-ctx.Done():
		}
		s.stopping.Store(true)
		unix.Write(s.wake[1], []byte{0})
	}()
	for _, e := range s.entries {
		helpers.Add(1)
		go func() {
			defer helpers.Done()
			for due := e.due; ; due = start.Add((clock.Now().Sub(start)/e.job.Every + 1) * e.job.Every) {
				select {
				case <-stop:
					return
				case <-clock.At(due):
					unix.Write(s.wake[1], []byte{0})
				}
			}
		}()
	}
	return s.loop()
}

func (s *schedule) loop() error {
	for {
		fds := []unix.PollFd{{Fd: int32(s.wake[0]), Events: unix.POLLIN}}
		for _, e := range s.entries {
			if e.pidfd >= 0 {
				fds = append(fds, unix.PollFd{Fd: int32(e.pidfd), Events: unix.POLLIN})
			}
		}
		if s.stopping.Load() && len(fds) == 1 {
			return nil
		}
		if _, err := unix.Poll(fds, -1); err == unix.EINTR {
			continue
		} else if err != nil {
			return err
		}
		if fds[0].Revents != 0 {
			var buf [16]byte
			unix.Read(s.wake[0], buf[:])
		}
		for _, e := range s.entries {
			s.reap(e)
		}
		for _, e := range s.entries {
			now := s.clock.Now()
			if e.due.After(now) {
				continue
			}
			for !e.due.After(now) {
				e.due = e.due.Add(e.job.Every)
			}
			if e.pidfd < 0 && !s.stopping.Load() {
				s.start(e)
			}
		}
	}
}

func (s *schedule) start(e *entry) {
	exe, err := os.Executable()
	if err == nil {
		e.pid, err = syscall.ForkExec(exe, append([]string{exe, e.job.Name}, e.job.Args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	}
	if err == nil {
		e.pidfd, err = unix.PidfdOpen(e.pid, 0)
	}
	if err != nil {
		e.pidfd = -1
		s.report(e.job, err)
	}
}

func (s *schedule) reap(e *entry) {
	if e.pidfd < 0 {
		return
	}
	var status unix.WaitStatus
	if pid, _ := unix.Wait4(e.pid, &status, unix.WNOHANG, nil); pid != e.pid {
		return
	}
	unix.Close(e.pidfd)
	e.pidfd = -1
	if !status.Exited() || status.ExitStatus() != 0 {
		s.report(e.job, fmt.Errorf("wait status %#x", int(status)))
	}
}
