// What wakes the loop stays open when Run has returned: an eventfd.

package supervisor

import (
	"context"
	"encoding/binary"
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
type unit struct {
	s     Service
	pid   int
	fd    int
	start time.Time
	fails uint // runs without a steady one
}

func Run(ctx context.Context, clock Clock, policy Policy, report func(Event), services ...Service) error {
	if ctx.Err() != nil {
		return nil
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(ep)
	ev, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_SEMAPHORE)
	if err != nil {
		return err
	}
	unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, ev, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: -1})
	var mu sync.Mutex
	var todo []func()
	told := false
	var wg sync.WaitGroup
	quit := make(chan struct{})
	wake := func(f func()) {
		mu.Lock()
		todo = append(todo, f)
		mu.Unlock()
		var b [8]byte
		binary.NativeEndian.PutUint64(b[:], 1)
		unix.Write(ev, b[:])
	}
	at := func(t time.Time, f func()) {
		c := clock.At(t)
		wg.Go(func() {
			select {
			case <-c:
				wake(f)
			case <-quit:
			}
		})
	}

	defer wg.Wait()
	defer close(quit)

	units := make([]*unit, len(services))
	stopping, next := false, len(units)
	exe, _ := os.Executable()
	var begin func(u *unit)
	pauseAfter := func(u *unit) {
		end := clock.Now()
		if end.Sub(u.start) >= policy.Steady {
			u.fails = 0
		}
		d := policy.First
		for range u.fails {
			if d > policy.Max-d {
				d = policy.Max
				break
			}
			d += d
		}
		u.fails++
		at(end.Add(d), func() { begin(u) })
	}
	begin = func(u *unit) {
		mu.Lock()
		halt := told
		mu.Unlock()
		if halt || ctx.Err() != nil {
			return
		}
		u.start = clock.Now()
		fd := -1
		pid, err := syscall.ForkExec(exe, append([]string{exe, u.s.Name}, u.s.Args...), &syscall.ProcAttr{
			Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, PidFD: &fd}})
		if err != nil {
			report(Event{Service: u.s, Kind: Failed, Err: err})
			pauseAfter(u)
			return
		}
		u.pid, u.fd = pid, fd
		for i := range units {
			if units[i] == u {
				unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(i)})
			}
		}
		report(Event{Service: u.s, Kind: Started, PID: pid})
	}
	advance := func() {
		for next > 0 && units[next-1].pid == 0 {
			next--
		}
		if next == 0 {
			return
		}
		u := units[next-1]
		fd := u.fd
		unix.PidfdSendSignal(fd, unix.SIGTERM, nil, 0)
		at(clock.Now().Add(policy.Grace), func() {
			if u.pid != 0 {
				unix.PidfdSendSignal(u.fd, unix.SIGKILL, nil, 0)
			}
		})
	}
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	defer signal.Stop(term)
	wg.Go(func() {
		select {
		case <-term:
		case <-ctx.Done():
		case <-quit:
			return
		}
		mu.Lock()
		told = true
		mu.Unlock()
		wake(func() { stopping = true; advance() })
	})
	for i, s := range services {
		units[i] = &unit{s: s}
	}
	for _, u := range units {
		begin(u)
	}
	events := make([]unix.EpollEvent, 1)
	for !stopping || next > 0 {
		n, err := unix.EpollWait(ep, events, -1)
		if err != nil || n == 0 {
			continue
		}
		i := events[0].Fd
		if i == -1 {
			var b [8]byte
			unix.Read(ev, b[:])
			mu.Lock()
			f := todo[0]
			todo = todo[1:]
			mu.Unlock()
			f()
			continue
		}
		u := units[i]
		unix.Kill(-u.pid, unix.SIGKILL)
		var info unix.Siginfo
		unix.Waitid(unix.P_PIDFD, u.fd, &info, unix.WEXITED|unix.WNOWAIT, nil)
		var ws unix.WaitStatus
		for {
			if _, err := unix.Wait4(u.pid, &ws, 0, nil); err != unix.EINTR {
				break
			}
		}
		unix.EpollCtl(ep, unix.EPOLL_CTL_DEL, u.fd, nil)
		unix.Close(u.fd)
		code := ws.ExitStatus()
		if ws.Signaled() {
			code = -int(ws.Signal())
		}
		pid := u.pid
		u.pid = 0
		report(Event{Service: u.s, Kind: Ended, PID: pid, Code: code})
		if !stopping {
			pauseAfter(u)
		} else if int(i) == next-1 {
			advance()
		}
	}
	return nil
}
