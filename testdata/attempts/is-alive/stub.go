// Package isalive tells whether a process is alive.
package isalive

import "errors"

// Process is a child process. Several may live at once, each with its own end. Other children of the caller are left
// alone: nobody reaps them here.
type Process struct{}

// New describes a child: this same program, run with these arguments as they are. It starts nothing.
func New(args ...string) *Process { return &Process{} }

// Start starts the child and returns while it runs. When it cannot be started, that is an error, and the child is not
// alive.
func (p *Process) Start() error { return errors.New("not written yet") }

// Join returns when the child has ended, at once if it has ended already, and leaves no zombie. It works whatever
// IsAlive has found out before, and a second time too. Meanwhile the caller sleeps in the kernel; a child that is
// stopped has not ended.
//
// How the child ended is no error, whatever the exit status or the signal; an error means that the wait itself has
// failed. Before Start, or after one that failed, it is an error, at once; Start may follow.
func (p *Process) Join() error { return errors.New("not written yet") }

// IsAlive reports whether the child is alive at this moment. It never waits, not even a little, also while another
// goroutine is in Join, and sends no signal that the child would notice.
//
// Before Start the child is not alive. It is alive while it runs, sleeps, or is stopped by a signal such as SIGSTOP.
// Once it has ended, by an exit or by a signal, it is not alive, whatever was answered before and whether Join has been
// called or not: a zombie is not alive. Where a goroutine waits for the child, it may notice a moment later. Another
// process that is given the child's PID later is not the child.
func (p *Process) IsAlive() bool { return false }

// Exists reports at once whether there is a process with this PID, a child of ours or anybody else's. One that we
// may not signal (EPERM) exists too, and so does a zombie, which stays one. 0 and negative numbers are no PIDs: false.
func Exists(pid int) bool { return false }
