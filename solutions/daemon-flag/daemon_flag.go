// Package daemonflag starts children that a program waits for at its end, and daemons, which end with it.
package daemonflag

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// mark is the argv[0] of a daemon. It goes to this one run of the program, and to no other that the daemon runs.
const mark = "daemon-flag:daemon"

// isDaemon: this process is a daemon. Begin sets it.
var isDaemon bool

var (
	mu      sync.Mutex // never held while somebody waits
	started []*Process
)

// Begin is the first call of main, in the parent and in every child. When it returns, os.Args[1:] are the arguments
// that the child was described with.
func Begin() { isDaemon = os.Args[0] == mark }

// Process is a child process. It is a daemon, or it is not.
type Process struct {
	args   []string
	daemon bool
	child  *os.Process   // nil before Start
	ended  chan struct{} // closed when the child was reaped
}

// New describes a child: this same program, run with these arguments, as a daemon or not. It starts nothing.
func New(daemon bool, args ...string) *Process { return &Process{args: args, daemon: daemon} }

// SetDaemon says whether the child will be a daemon; before Start the last word counts. After Start, also when the
// child has ended, it is an error whose text contains "process has already started", and changes nothing.
func (p *Process) SetDaemon(daemon bool) error {
	mu.Lock()
	defer mu.Unlock()
	if p.child != nil {
		return errors.New("daemonflag: process has already started")
	}
	p.daemon = daemon
	return nil
}

// Start starts the child and returns while it runs. It is called once, by any goroutine, whose thread may end
// afterwards. The child has the parent's standard output and standard error. When it cannot be started, Start
// returns the error, and it counts as not started.
//
// In a daemon, Start is an error and starts nothing, neither a daemon nor another child; the daemon goes on. Every
// other process may have children, and daemons of its own. A program that somebody runs in the ordinary way
// (os/exec) is no daemon, not even when it is this same program and a daemon or the parent of daemons runs it, whatever
// descriptors and whatever PR_SET_PDEATHSIG it was given.
//
// While the parent works, its daemons do too. However it ends without End, be it by SIGKILL, its daemons end at
// once (one that is stopped, when it goes on), whatever they do with other signals. One that has not yet called Begin
// ends there at the latest, before it works. No clean-up of theirs runs. Its other children go on. Whoever watches
// sleeps meanwhile.
func (p *Process) Start() error {
	if isDaemon {
		return errors.New("daemonflag: daemonic processes are not allowed to have children")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	mu.Lock()
	defer mu.Unlock()
	cmd := exec.Command(exe, p.args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	start := cmd.Start
	if p.daemon {
		cmd.Args[0] = mark
		// The kernel watches, and ends a stopped daemon, too (PR_SET_PDEATHSIG(2const)).
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		start = func() error { return onLastingThread(cmd.Start) }
	}
	if err := start(); err != nil {
		return err
	}
	p.child, p.ended = cmd.Process, make(chan struct{})
	started = append(started, p)
	go func() {
		p.child.Wait()
		close(p.ended)
	}()
	return nil
}

// lasting takes functions to a goroutine that keeps its thread, and never ends. "Parent" in PR_SET_PDEATHSIG is the
// thread that has started the child, not the process, and threads may end while the process goes on.
var lasting = sync.OnceValue(func() chan<- func() {
	functions := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range functions {
			f()
		}
	}()
	return functions
})

func onLastingThread(f func() error) error {
	done := make(chan error)
	lasting() <- func() { done <- f() }
	return <-done
}

// Join sleeps until this child has ended, and leaves no zombie. How it ended is no error. Before Start, Join is an
// error at once.
func (p *Process) Join() error {
	mu.Lock()
	ended := p.ended
	mu.Unlock()
	if ended == nil {
		return errors.New("daemonflag: process not started")
	}
	<-ended
	return nil
}

// End is the last call of main, in the parent and in every child. First it ends the daemons that this process has
// started, at once, with SIGKILL: also those that ignore SIGTERM or are stopped, and without any clean-up of theirs.
// Then it sleeps until its other children have ended by themselves. When it returns, all of them are gone, and no
// zombie is left.
//
// It touches nobody else: neither processes that Start has not started, which it does not wait for, nor whoever has
// the PID of a child that was joined. It works while goroutines are in Join, also
// several for one child, and these return too.
func End() {
	mu.Lock()
	all := started
	mu.Unlock()
	for _, p := range all {
		if p.daemon {
			p.child.Kill() // sends nothing when the child was waited for
		}
	}
	for _, p := range all {
		<-p.ended
	}
}
