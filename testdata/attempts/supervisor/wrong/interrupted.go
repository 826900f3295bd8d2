// Takes an interrupted poll(2) for the end of the service.

package supervisor

import (
	"context"
	"math"
	"os"
	"os/signal"
	"runtime"
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

func Run(ctx context.Context, clock Clock, policy Policy, report func(Event), services ...Service) error {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	defer signal.Stop(asked)
	if ctx.Err() != nil {
		return nil
	}
	stop := make(chan struct{})
	turns, gone := make([]chan struct{}, len(services)), make([]chan struct{}, len(services))
	for i, service := range services {
		turns[i], gone[i] = make(chan struct{}), make(chan struct{})
		go func() {
			runtime.LockOSThread() // and the thread ends with this goroutine
			defer close(gone[i])
			failures := 0
			for {
				select {
				case <-stop:
					return
				default:
				}
				if once(clock, policy, report, service, turns[i]) {
					failures = 0
				}
				pause := float64(policy.First) * math.Pow(2, float64(failures))
				failures++
				due := clock.Now().Add(time.Duration(min(pause, float64(policy.Max))))
				select {
				case <-stop:
					return
				case <-clock.At(due):
				}
			}
		}()
	}
	select {
	case <-asked:
	case <-ctx.Done():
	}
	close(stop)
	for i := range services {
		i = len(services) - 1 - i
		close(turns[i])
		<-gone[i]
	}
	return nil
}

func once(clock Clock, policy Policy, report func(Event), service Service, turn chan struct{}) (steady bool) {
	pidfd := -1
	p, err := os.StartProcess("/proc/self/exe", append([]string{"service", service.Name}, service.Args...), &os.ProcAttr{
		Files: []*os.File{nil, os.Stdout, os.Stderr},
		Sys:   &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, PidFD: &pidfd},
	})
	if err != nil {
		report(Event{Service: service, Kind: Failed, Err: err})
		return false
	}
	became := clock.At(clock.Now().Add(policy.Steady))
	report(Event{Service: service, Kind: Started, PID: p.Pid})
	ended := make(chan bool)
	go func() {
		unix.Poll([]unix.PollFd{{Fd: int32(pidfd), Events: unix.POLLIN}}, -1)
		close(ended)
	}()
	var kill <-chan time.Time
	for running := true; running; {
		select {
		case <-became:
			steady, became = true, nil
		case <-turn:
			turn = nil
			unix.PidfdSendSignal(pidfd, unix.SIGTERM, nil, 0)
			kill = clock.At(clock.Now().Add(policy.Grace))
		case <-kill:
			unix.PidfdSendSignal(pidfd, unix.SIGKILL, nil, 0)
			kill = nil
		case <-ended:
			running = false
		}
	}
	unix.Close(pidfd)
	unix.Kill(-p.Pid, unix.SIGKILL)
	state, err := p.Wait()
	code := 0
	if err == nil {
		if status := state.Sys().(syscall.WaitStatus); status.Signaled() {
			code = -int(status.Signal())
		} else {
			code = status.ExitStatus()
		}
	}
	report(Event{Service: service, Kind: Ended, PID: p.Pid, Code: code})
	return steady
}
