// Package isalive tells whether a process is alive.
package isalive

import (
	"errors"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// Process is a child process.
type Process struct {
	args  []string
	ended chan struct{} // closed at the child's end; nil before Start
	err   error         // of the one wait; to be read when ended is closed
}

// New describes a child: this same program, run with these arguments. It starts nothing.
func New(args ...string) *Process { return &Process{args: args} }

// Start starts the child and returns while it runs.
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

// Join returns when the child has ended, at once if it has ended already, and leaves no zombie. It works
// whatever IsAlive has found out before. Meanwhile the caller sleeps in the kernel.
func (p *Process) Join() error {
	if p.ended == nil {
		return errors.New("join: process not started")
	}
	<-p.ended
	return p.err
}

// IsAlive reports whether the child is alive at this moment. It never waits, also while another goroutine is
// in Join.
//
// Before Start the child is not alive. It is alive while it runs, sleeps, or is stopped by a signal such as
// SIGSTOP. Once it has ended it is not alive, whether Join has been called or not: a zombie is not alive.
// Another process that is given the child's PID later is not the child.
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

// Exists reports whether there is a process with this PID, a child of ours or anybody else's. One that we
// may not signal (EPERM) exists too.
//
// Signal 0 goes through the checks of kill(2) and is never delivered.
func Exists(pid int) bool {
	err := unix.Kill(pid, 0)
	return err == nil || err == unix.EPERM
}
