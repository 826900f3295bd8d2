// System calls only: fork, wait4 and kill, a lock around the numbers, and one thread that starts everything.

package supervisor

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
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

type starter chan func()

func newStarter() starter {
	functions := make(starter)
	go func() {
		runtime.LockOSThread()
		for f := range functions {
			f()
		}
	}()
	return functions
}

func (s starter) start(exe string, service Service) (pid int, err error) {
	done := make(chan bool)
	s <- func() {
		pid, err = syscall.ForkExec(exe, append([]string{exe, service.Name}, service.Args...), &syscall.ProcAttr{
			Env:   os.Environ(),
			Files: []uintptr{0, 1, 2},
			Sys:   &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL},
		})
		close(done)
	}
	<-done
	return pid, err
}

type one struct {
	mu       sync.Mutex
	changed  *sync.Cond
	pid      int
	stopping bool
	over     bool
}

func Run(ctx context.Context, clock Clock, policy Policy, report func(Event), services ...Service) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, restore := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer restore()
	if ctx.Err() != nil {
		return nil
	}
	starter := newStarter()
	defer close(starter)
	all := make([]*one, len(services))
	for i, service := range services {
		o := &one{}
		o.changed = sync.NewCond(&o.mu)
		all[i] = o
		go func() {
			shift := 0
			for {
				o.mu.Lock()
				if ctx.Err() != nil {
					o.over = true
					o.changed.Broadcast()
					o.mu.Unlock()
					return
				}
				began := clock.Now()
				pid, err := starter.start(exe, service)
				if err == nil {
					o.pid = pid
				}
				o.mu.Unlock()
				if err != nil {
					report(Event{Service: service, Kind: Failed, Err: err})
				} else {
					report(Event{Service: service, Kind: Started, PID: pid})
					for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
					}
					o.mu.Lock()
					unix.Kill(-pid, unix.SIGKILL)
					var status unix.WaitStatus
					for {
						if _, err := unix.Wait4(pid, &status, 0, nil); err != unix.EINTR {
							break
						}
					}
					o.pid = 0
					o.mu.Unlock()
					code := status.ExitStatus()
					if status.Signaled() {
						code = -int(status.Signal())
					}
					report(Event{Service: service, Kind: Ended, PID: pid, Code: code})
				}
				now := clock.Now()
				if now.Sub(began) >= policy.Steady {
					shift = 0
				}
				pause := policy.First
				for range shift {
					if pause = 2 * pause; pause >= policy.Max || pause <= 0 {
						pause = policy.Max
						break
					}
				}
				shift++
				select {
				case <-ctx.Done():
				case <-clock.At(now.Add(pause)):
				}
			}
		}()
	}
	<-ctx.Done()
	for i := len(all) - 1; i >= 0; i-- {
		o := all[i]
		o.mu.Lock()
		if pid := o.pid; pid != 0 {
			unix.Kill(pid, unix.SIGTERM)
			alarm, ended := clock.At(clock.Now().Add(policy.Grace)), make(chan bool)
			go func() {
				select {
				case <-alarm:
					o.mu.Lock()
					if o.pid == pid {
						unix.Kill(-pid, unix.SIGKILL)
					}
					o.mu.Unlock()
				case <-ended:
				}
			}()
			for !o.over {
				o.changed.Wait()
			}
			close(ended)
		}
		for !o.over {
			o.changed.Wait()
		}
		o.mu.Unlock()
	}
	return nil
}
