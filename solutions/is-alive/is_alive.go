// Package isalive tells whether a process is alive.
package isalive

import (
	"errors"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// Process is a child process. Several may live at once, each with its own end. Other children of the caller are left
// alone: nobody reaps them here.
type Process struct {
	args  []string
	ended chan struct{} // closed at the child's end; nil before Start
	err   error         // of the one wait; to be read when ended is closed
}

// New describes a child: this same program, run with these arguments as they are. It starts nothing.
func New(args ...string) *Process { return &Process{args: args} }

// Start starts the child and returns while it runs. When it cannot be started, that is an error, and the child is not
// alive.
//
// From here on one goroutine waits for the child, sleeping in the kernel. It alone deals with the PID, and it
// learns of the end together with the reaping, so that nobody ever asks about a PID that may be somebody else's.
func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, p.args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	p.ended = make(chan struct{})
	go func() {
		_, p.err = cmd.Process.Wait()
		close(p.ended)
	}()
	return nil
}

// Join returns when the child has ended, at once if it has ended already, and leaves no zombie. It works whatever
// IsAlive has found out before, and a second time too. Meanwhile the caller sleeps in the kernel; a child that is
// stopped has not ended.
//
// How the child ended is no error, whatever the exit status or the signal; an error means that the wait itself has
// failed. Before Start, or after one that failed, it is an error, at once; Start may follow.
func (p *Process) Join() error {
	if p.ended == nil {
		return errors.New("join: process not started")
	}
	<-p.ended
	return p.err
}

// IsAlive reports whether the child is alive at this moment. It never waits, not even a little, also while another
// goroutine is in Join, and sends no signal that the child would notice.
//
// Before Start the child is not alive. It is alive while it runs, sleeps, or is stopped by a signal such as SIGSTOP.
// Once it has ended, by an exit or by a signal, it is not alive, whatever was answered before and whether Join has been
// called or not: a zombie is not alive. Where a goroutine waits for the child, it may notice a moment later. Another
// process that is given the child's PID later is not the child.
func (p *Process) IsAlive() bool {
	if p.ended == nil {
		return false
	}
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// Exists reports at once whether there is a process with this PID, a child of ours or anybody else's. One that we
// may not signal (EPERM) exists too, and so does a zombie, which stays one. 0 and negative numbers are no PIDs: false.
//
// Signal 0 goes through the checks of kill(2) and is never delivered. To kill, 0 and negative numbers mean groups.
func Exists(pid int) bool {
	if pid <= 0 {
		return false
	}
	err := unix.Kill(pid, 0)
	return err == nil || err == unix.EPERM
}
