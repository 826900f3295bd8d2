// When the pause is over and the stop has come, chance decides which of the two is heard of.

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

// Service is a child process that is to run all the time: this same program, with the name as its first argument.
type Service struct {
	Name string
	Args []string // the arguments after the name
}

// Policy says how long to wait. All are positive, and First is at most Max.
type Policy struct {
	First  time.Duration // the pause before a service is started again; it doubles with every run that ends
	Max    time.Duration // the longest pause
	Steady time.Duration // after a run that has lasted so long, or longer, the pause is First again
	Grace  time.Duration // for each service, from SIGTERM to SIGKILL
}

// Kind is what has happened to a service.
type Kind int

const (
	Started Kind = iota + 1 // a run has begun
	Ended                   // a run has ended, by itself or because it was stopped
	Failed                  // the process could not be started
)

// Event tells what has happened to a service.
type Event struct {
	Service Service
	Kind    Kind
	PID     int   // of the run that has begun or ended
	Code    int   // Ended: the exit status, or minus the number of the signal that has ended the process
	Err     error // Failed: why
}

// Clock tells the time. Its methods may be called by several goroutines at once.
type Clock interface {
	// Now is the time.
	Now() time.Time
	// At gives a channel to which the time is sent once, when it is due or later; at once, when due is past.
	At(due time.Time) <-chan time.Time
}

// Run starts the services and keeps them running until ctx is done or the program gets SIGTERM. Then it stops them
// and returns nil when the last report has returned; at once, when ctx is done before the call. None waits for another
// one at the start. Two services of the same name are two.
//
// A run that ends, with whatever status, is followed by a pause, then by the next run; a process that could not be
// started is a run that has ended at once. The pauses of a service are First, twice First, four times, at most Max. After
// a run of Steady or longer, from its start to its end, the pause is First, and they grow from there. Each service
// has pauses of its own. No time but the clock's counts, and in between everything sleeps.
//
// The stop takes one service after the other, the last in the list first. Each gets one SIGTERM, and has Grace from
// then on; one that is left then, be it stopped by SIGSTOP, gets SIGKILL. The next is asked when this one has ended.
// From the stop on nothing is started; a run that ends by itself meanwhile is reported as ever, and its PID is not
// signalled any more. To be told again, by SIGTERM or ctx, changes nothing.
//
// Each service leads a process group of its own. SIGTERM goes to the service alone; what is left of the group when
// that has ended gets SIGKILL. However the program ends without a stop, even by SIGKILL, its services end at once,
// whatever they do with signals; while it works they go on, whichever of its threads end.
//
// report is called for every event as soon as it has happened, once, perhaps by several goroutines at once; for one
// service in the order of the events, one after the other. It returns soon. Other children of the program are left
// alone. No zombie is left at any time, and after Run no child and no open descriptor. SIGTERM then ends the program, or
// goes to its own handler, as before. Run may be called again. Where a service's output goes is yours to choose.
func Run(ctx context.Context, clock Clock, policy Policy, report func(Event), services ...Service) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, restore := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer restore() // at the very end: until then another SIGTERM must not end the program
	if ctx.Err() != nil {
		return nil
	}
	var keepers []*keeper
	for _, service := range services {
		k := &keeper{
			ctx: ctx, clock: clock, policy: policy, report: report, exe: exe, service: service,
			stop: make(chan struct{}), done: make(chan struct{}),
		}
		keepers = append(keepers, k)
		go k.keep()
	}
	<-ctx.Done()
	for _, k := range slices.Backward(keepers) {
		close(k.stop)
		<-k.done
	}
	return nil
}

// keeper keeps one service running.
type keeper struct {
	ctx     context.Context // done: start nothing more
	clock   Clock
	policy  Policy
	report  func(Event)
	exe     string
	service Service
	stop    chan struct{} // closed when it is this service's turn to be stopped
	done    chan struct{} // closed when the service has ended for good
}

// keep runs the service again and again. It stays on its thread: "parent" in PR_SET_PDEATHSIG(2const) is the thread
// that has started the child, and the service would end with that.
func (k *keeper) keep() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(k.done)
	pause := k.policy.First
	for {
		began := k.clock.Now()
		k.run()
		ended := k.clock.Now()
		if ended.Sub(began) >= k.policy.Steady {
			pause = k.policy.First
		}
		select {
		case <-k.ctx.Done():
			return
		case <-k.clock.At(ended.Add(pause)):
		}
		pause = k.grown(pause)
	}
}

// grown is twice the pause, or the longest one. Twice the longest need not be a time any more: it may overflow.
func (k *keeper) grown(pause time.Duration) time.Duration {
	if pause > k.policy.Max-pause {
		return k.policy.Max
	}
	return 2 * pause
}

// run is one run of the service, from its start to the end of its process group.
func (k *keeper) run() {
	cmd := exec.Command(k.exe, append([]string{k.service.Name}, k.service.Args...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr // files: no pipe that Wait would read to its end
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
			<-ended
		}
	}
	// The number is still the zombie's, so no other group can have it.
	syscall.Kill(-pid, syscall.SIGKILL)
	cmd.Wait() // how it ended is in ProcessState, and no error of ours
	k.report(Event{Service: k.service, Kind: Ended, PID: pid, Code: code(cmd.ProcessState)})
}

// awaitEnd returns when the child has ended, and leaves the zombie, which keeps the PID from being given to others.
func awaitEnd(pid int) {
	for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
}

// code is what Python calls the exit code.
func code(state *os.ProcessState) int {
	if status := state.Sys().(syscall.WaitStatus); status.Signaled() {
		return -int(status.Signal())
	}
	return state.ExitCode()
}
