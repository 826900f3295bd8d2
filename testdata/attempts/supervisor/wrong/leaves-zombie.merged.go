// At every SIGCHLD it waits for one service that has ended.

package supervisor

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

type Service struct {
	Name string
	Args []string
}

type Policy struct {
	First  time.Duration
	Max    time.Duration
	Steady time.Duration
	Grace  time.Duration
}

type Kind int

const (
	Started Kind = iota + 1
	Ended
	Failed
)

type Event struct {
	Service Service
	Kind    Kind
	PID     int
	Code    int
	Err     error
}

type Clock interface {
	Now() time.Time
	At(due time.Time) <-chan time.Time
}

func Run(ctx context.Context, clock Clock, policy Policy, report func(Event), services ...Service) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	sigchld := make(chan os.Signal, 1)
	signal.Notify(sigchld, syscall.SIGCHLD)
	defer signal.Stop(sigchld)
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	defer signal.Stop(asked)
	if ctx.Err() != nil {
		return nil
	}

	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	over := make(chan struct{})
	defer close(over)
	happened := make(chan func())
	tell := func(f func()) {
		select {
		case happened <- f:
		case <-over:
		}
	}
	at := func(due time.Time, f func()) {
		alarm := clock.At(due)
		go func() {
			select {
			case <-alarm:
				tell(f)
			case <-over:
			}
		}()
	}

	type state struct {
		service Service
		cmd     *exec.Cmd
		began   time.Time
		pause   time.Duration
	}
	all := make([]*state, len(services))
	stopping, turn := false, len(services)
	var start func(s *state)
	var next func()

	ended := func(s *state) {
		now := clock.Now()
		if now.Sub(s.began) >= policy.Steady {
			s.pause = 0
		}
		switch {
		case s.pause == 0:
			s.pause = policy.First
		case s.pause >= (policy.Max+1)/2:
			s.pause = policy.Max
		default:
			s.pause *= 2
		}
		if stopping {
			if turn < len(all) && all[turn] == s {
				next()
			}
			return
		}
		at(now.Add(s.pause), func() {
			if !stopping {
				start(s)
			}
		})
	}
	start = func(s *state) {
		s.began = clock.Now()
		cmd := exec.Command(exe, append([]string{s.service.Name}, s.service.Args...)...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
		if err := cmd.Start(); err != nil {
			report(Event{Service: s.service, Kind: Failed, Err: err})
			ended(s)
			return
		}
		s.cmd = cmd
		report(Event{Service: s.service, Kind: Started, PID: cmd.Process.Pid})
	}
	next = func() {
		for turn--; turn >= 0; turn-- {
			s := all[turn]
			if s.cmd == nil {
				continue
			}
			cmd := s.cmd
			cmd.Process.Signal(syscall.SIGTERM)
			at(clock.Now().Add(policy.Grace), func() {
				if s.cmd == cmd {
					syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
				}
			})
			return
		}
	}

	for i, service := range services {
		all[i] = &state{service: service}
	}
	for _, s := range all {
		if len(asked) == 0 && ctx.Err() == nil {
			start(s)
		}
	}
	done := ctx.Done()
	for turn >= 0 {
		select {
		case f := <-happened:
			f()
			continue
		case <-sigchld:
			for _, s := range all {
				var status syscall.WaitStatus
				if s.cmd == nil {
					continue
				}
				pid := s.cmd.Process.Pid
				if got, _ := syscall.Wait4(pid, &status, syscall.WNOHANG, nil); got != pid {
					continue
				}
				syscall.Kill(-pid, syscall.SIGKILL)
				s.cmd.Process.Release()
				s.cmd = nil
				code := status.ExitStatus()
				if status.Signaled() {
					code = -int(status.Signal())
				}
				report(Event{Service: s.service, Kind: Ended, PID: pid, Code: code})
				ended(s)
				break
			}
			continue
		case <-asked:
		case <-done:
			done = nil
		}
		if !stopping {
			stopping = true
			next()
		}
	}
	return nil
}
