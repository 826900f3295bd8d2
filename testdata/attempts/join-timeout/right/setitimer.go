// One interval timer of the process for all limits (setitimer(2)): its SIGALRM and SIGCHLD both wake the joins.

package jointimeout

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type Process struct {
	args []string
	pid  int

	mu     sync.Mutex
	ended  bool
	status syscall.WaitStatus
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	return err
}

func (p *Process) Join() error {
	for {
		if ended, err := p.JoinTimeout(24 * time.Hour); ended || err != nil {
			return err
		}
	}
}

var alarms struct {
	sync.Mutex
	next time.Time // when the timer goes off; zero: it is not set
}

// wakeAt sets the timer unless it goes off before.
func wakeAt(t time.Time) {
	alarms.Lock()
	defer alarms.Unlock()
	if now := time.Now(); alarms.next.Before(now) || t.Before(alarms.next) {
		left := max(t.Sub(now), time.Microsecond)
		unix.Setitimer(unix.ITIMER_REAL, unix.Itimerval{Value: unix.NsecToTimeval(int64(left))})
		alarms.next = t
	}
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.pid == 0 {
		return false, errors.New("join-timeout: process not started")
	}
	wake := make(chan os.Signal, 1)
	signal.Notify(wake, syscall.SIGCHLD, syscall.SIGALRM)
	defer signal.Stop(wake)
	for until := time.Now().Add(limit); ; {
		ended, err := p.reap()
		if ended || err != nil || !time.Now().Before(until) {
			return ended, err
		}
		wakeAt(until)
		<-wake
	}
}

// reap asks without waiting.
func (p *Process) reap() (ended bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return true, nil
	}
	pid, err := syscall.Wait4(p.pid, &p.status, syscall.WNOHANG, nil)
	p.ended = pid == p.pid
	return p.ended, err
}

func (p *Process) ExitCode() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		return -1
	}
	return p.status.ExitStatus()
}
