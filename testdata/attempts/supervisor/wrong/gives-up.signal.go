// Takes a death by SIGTERM, whoever has sent it, for a wish, and does not start the service again.

package supervisor

import (
	"context"
	"golang.org/x/sys/unix"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"
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
var starts = sync.OnceValue(func() chan func() {
	c := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range c {
			f()
		}
	}()
	return c
})

func spawn(s Service) (pid int, err error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	done := make(chan struct{})
	starts() <- func() {
		defer close(done)
		pid, err = syscall.ForkExec(exe, append([]string{exe, s.Name}, s.Args...), &syscall.ProcAttr{
			Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}})
	}
	<-done
	return
}

func Run(ctx context.Context, clock Clock, policy Policy, report func(Event), services ...Service) error {
	if ctx.Err() != nil {
		return nil
	}
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	defer signal.Stop(term)
	stop := make(chan struct{})
	turns := make([]chan struct{}, len(services))
	dones := make([]chan struct{}, len(services))
	for i, s := range services {
		turns[i], dones[i] = make(chan struct{}), make(chan struct{})
		go func() {
			defer close(dones[i])
			keep(clock, policy, report, s, stop, turns[i])
		}()
	}
	select {
	case <-ctx.Done():
	case <-term:
	}
	close(stop)
	for i := len(services) - 1; i >= 0; i-- {
		close(turns[i])
		<-dones[i]
	}
	return nil
}

func keep(clock Clock, p Policy, report func(Event), s Service, stop, turn chan struct{}) {
	pause := time.Duration(0)
	for {
		select {
		case <-stop:
			return
		default:
		}
		begun := clock.Now()
		pid, err := spawn(s)
		if err != nil {
			report(Event{Service: s, Kind: Failed, Err: err})
		} else {
			report(Event{Service: s, Kind: Started, PID: pid})
			code := watch(clock, p, pid, turn)
			report(Event{Service: s, Kind: Ended, PID: pid, Code: code})
			if code == -15 {
				return
			}
		}
		now := clock.Now()
		switch {
		case pause == 0 || now.Sub(begun) >= p.Steady:
			pause = p.First
		case pause > p.Max-pause:
			pause = p.Max
		default:
			pause *= 2
		}
		select {
		case <-stop:
			return
		case <-clock.At(now.Add(pause)):
		}
	}
}

func watch(clock Clock, p Policy, pid int, turn chan struct{}) int {
	ended := make(chan struct{})
	go func() {
		for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
		}
		close(ended)
	}()
	var grace <-chan time.Time
	for over := false; !over; {
		select {
		case <-ended:
			over = true
		default:
			select {
			case <-ended:
				over = true
			case <-turn:
				turn = nil
				grace = clock.At(clock.Now().Add(p.Grace))
				syscall.Kill(pid, syscall.SIGTERM)
			case <-grace:
				grace = nil
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
	syscall.Kill(-pid, syscall.SIGKILL)
	var ws syscall.WaitStatus
	for {
		if _, err := syscall.Wait4(pid, &ws, 0, nil); err != syscall.EINTR {
			break
		}
	}
	if ws.Signaled() {
		return -int(ws.Signal())
	}
	return ws.ExitStatus()
}
