// Package daemonflag starts children that a program waits for at its end, and daemons, which end with it.
package daemonflag

import "errors"

// Begin is the first call of main, in the parent and in every child. When it returns, os.Args[1:] are the arguments
// that the child was described with.
func Begin() {}

// Process is a child process. It is a daemon, or it is not.
type Process struct{}

// New describes a child: this same program, run with these arguments, as a daemon or not. It starts nothing.
func New(daemon bool, args ...string) *Process { return &Process{} }

// SetDaemon says whether the child will be a daemon; before Start the last word counts. After Start, also when the
// child has ended, it is an error whose text contains "process has already started", and changes nothing.
func (p *Process) SetDaemon(daemon bool) error { return errors.New("not written yet") }

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
func (p *Process) Start() error { return errors.New("not written yet") }

// Join sleeps until this child has ended, and leaves no zombie. How it ended is no error. Before Start, Join is an
// error at once.
func (p *Process) Join() error { return errors.New("not written yet") }

// End is the last call of main, in the parent and in every child. First it ends the daemons that this process has
// started, at once, with SIGKILL: also those that ignore SIGTERM or are stopped, and without any clean-up of theirs.
// Then it sleeps until its other children have ended by themselves. When it returns, all of them are gone, and no
// zombie is left.
//
// It touches nobody else: neither processes that Start has not started, which it does not wait for, nor whoever has
// the PID of a child that was joined. It works while goroutines are in Join, also
// several for one child, and these return too.
func End() {}
