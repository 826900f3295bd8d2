// Each run is started by a thread of its own, which ends when that run has been waited for; SIGCHLD tells of the ends.

package supervisor

import (
	"context"
	"golang.org/x/sys/unix"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
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
type one struct {
	Service
	pid    int
	begun  time.Time
	pause  time.Duration
	again  <-chan time.Time
	reaped chan struct{}
}

// start starts it by a thread that ends with it.
func (o *one) start() error {
	type res struct {
		pid int
		err error
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	o.reaped = make(chan struct{})
	c := make(chan res)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends after the service
		cmd := exec.Command(exe, append([]string{o.Name}, o.Args...)...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		err := cmd.Start()
		if err != nil {
			c <- res{0, err}
			return
		}
		pid := cmd.Process.Pid
		cmd.Process.Release()
		c <- res{pid, nil}
		<-o.reaped
	}()
	r := <-c
	o.pid = r.pid
	return r.err
}

func Run(ctx context.Context, clock Clock, policy Policy, report func(Event), services ...Service) error {
	select {
	case <-ctx.Done():
		return nil
	default:
	}
	sigs := make(chan os.Signal, 64)
	chld := make(chan os.Signal, 1)
	signal.Notify(sigs, syscall.SIGTERM)
	signal.Notify(chld, syscall.SIGCHLD)
	defer signal.Stop(sigs)
	defer signal.Stop(chld)
	quit := make(chan struct{})
	defer close(quit)
	due := make(chan *one)
	all := make([]*one, len(services))
	later := func(o *one, end time.Time) {
		if o.pause == 0 || !o.begun.IsZero() && end.Sub(o.begun) >= policy.Steady {
			o.pause = policy.First
		} else if o.pause >= policy.Max/2+policy.Max%2 {
			o.pause = policy.Max
		} else {
			o.pause *= 2
		}
		c := clock.At(end.Add(o.pause))
		go func() {
			select {
			case <-c:
				select {
				case due <- o:
				case <-quit:
				}
			case <-quit:
			}
		}()
	}
	begin := func(o *one) {
		o.begun = clock.Now()
		if err := o.start(); err != nil {
			report(Event{Service: o.Service, Kind: Failed, Err: err})
			later(o, o.begun)
			return
		}
		report(Event{Service: o.Service, Kind: Started, PID: o.pid})
	}
	stopping := false
	turn := len(all)
	var grace <-chan time.Time
	asked := false
	reap := func() {
		for _, o := range all {
			if o.pid == 0 {
				continue
			}
			var info unix.Siginfo
			if err := unix.Waitid(unix.P_PID, o.pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil); err != nil || info.Signo == 0 {
				continue
			}
			unix.Kill(-o.pid, unix.SIGKILL)
			var ws unix.WaitStatus
			unix.Wait4(o.pid, &ws, 0, nil)
			close(o.reaped)
			code := ws.ExitStatus()
			if ws.Signaled() {
				code = -int(ws.Signal())
			}
			pid := o.pid
			o.pid = 0
			end := clock.Now()
			report(Event{Service: o.Service, Kind: Ended, PID: pid, Code: code})
			if !stopping {
				later(o, end)
			}
		}
	}
	for i, s := range services {
		all[i] = &one{Service: s}
	}
	for _, o := range all {
		if len(sigs) > 0 || ctx.Err() != nil {
			break
		}
		begin(o)
	}
	for {
		reap()
		if stopping {
			for turn > 0 && all[turn-1].pid == 0 {
				turn--
				asked, grace = false, nil
			}
			if turn == 0 {
				return nil
			}
			if !asked {
				asked = true
				unix.Kill(all[turn-1].pid, unix.SIGTERM)
				grace = clock.At(clock.Now().Add(policy.Grace))
			}
		}
		done := ctx.Done()
		if stopping {
			done = nil
		}
		select {
		case <-done:
			stopping = true
		case <-sigs:
			stopping = true
		case <-chld:
		case o := <-due:
			if !stopping && ctx.Err() == nil && len(sigs) == 0 {
				begin(o)
			}
		case <-grace:
			grace = nil
			unix.Kill(all[turn-1].pid, unix.SIGKILL)
		}
	}
}
