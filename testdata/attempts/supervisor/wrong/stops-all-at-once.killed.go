// When the grace is over it sends SIGKILL, and asks the next one without waiting for the end of this one.

package supervisor

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
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
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, restore := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer restore()
	var keepers []*keeper
	for _, service := range services {
		k := &keeper{
			ctx: ctx, clock: clock, policy: policy, report: report, exe: exe, service: service,
			stop: make(chan struct{}), done: make(chan struct{}), killed: make(chan struct{}),
		}
		keepers = append(keepers, k)
		go k.keep()
	}
	<-ctx.Done()
	for _, k := range slices.Backward(keepers) {
		close(k.stop)
		select {
		case <-k.killed:
		case <-k.done:
		}
	}
	for _, k := range keepers {
		<-k.done
	}
	return nil
}

type keeper struct {
	ctx     context.Context
	clock   Clock
	policy  Policy
	report  func(Event)
	exe     string
	service Service
	stop    chan struct{}
	done    chan struct{}
	killed  chan struct{}
}

func (k *keeper) keep() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(k.done)
	pause := k.policy.First
	for k.ctx.Err() == nil {
		began := k.clock.Now()
		k.run()
		ended := k.clock.Now()
		if ended.Sub(began) >= k.policy.Steady {
			pause = k.policy.First
		}
		select {
		case <-k.ctx.Done():
		case <-k.clock.At(ended.Add(pause)):
		}
		pause = k.grown(pause)
	}
}

func (k *keeper) grown(pause time.Duration) time.Duration {
	if pause > k.policy.Max-pause {
		return k.policy.Max
	}
	return 2 * pause
}

func (k *keeper) run() {
	cmd := exec.Command(k.exe, append([]string{k.service.Name}, k.service.Args...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		k.report(Event{Service: k.service, Kind: Failed, Err: err})
		return
	}
	pid := cmd.Process.Pid
	k.report(Event{Service: k.service, Kind: Started, PID: pid})

	ended := make(chan struct{})
	go func() {
		awaitEnd(pid)
		close(ended)
	}()
	select {
	case <-ended:
	case <-k.stop:
		syscall.Kill(pid, syscall.SIGTERM)
		select {
		case <-ended:
		case <-k.clock.At(k.clock.Now().Add(k.policy.Grace)):
			syscall.Kill(pid, syscall.SIGKILL)
			close(k.killed)
			<-ended
		}
	}
	syscall.Kill(-pid, syscall.SIGKILL)
	cmd.Wait()
	k.report(Event{Service: k.service, Kind: Ended, PID: pid, Code: code(cmd.ProcessState)})
}

func awaitEnd(pid int) {
	for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
}

func code(state *os.ProcessState) int {
	if status := state.Sys().(syscall.WaitStatus); status.Signaled() {
		return -int(status.Signal())
	}
	return state.ExitCode()
}
