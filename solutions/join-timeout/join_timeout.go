// Package jointimeout waits for a child process, with and without a limit.
package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"time"
)

// Process is a child process that can be waited for.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the child has been waited for; nil before Start

	// Of the one wait; to be read after done was closed.
	state *os.ProcessState
	err   error
}

var errNotStarted = errors.New("join-timeout: process not started")

// New describes a child: this same program, run with these arguments. It starts nothing.
func New(args ...string) *Process {
	exe, err := os.Executable()
	return &Process{cmd: &exec.Cmd{Path: exe, Args: append([]string{exe}, args...), Err: err}}
}

// Start starts the child and returns while it runs. When it cannot be started, that is an error.
//
// The kernel hands over an end only once, and its wait has no limit. So exactly one goroutine waits for the
// child, from its start to its end; every join waits for that goroutine, and a join that gives up takes nothing
// away from the next one.
func (p *Process) Start() error {
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.done = make(chan struct{})
	go func() {
		defer close(p.done)
		p.state, p.err = p.cmd.Process.Wait()
	}()
	return nil
}

// Join waits without a limit: it returns when the child has ended, however it ended, and leaves no zombie.
func (p *Process) Join() error {
	if p.done == nil {
		return errNotStarted
	}
	<-p.done
	return p.err
}

// JoinTimeout waits like Join, but at most so long, and says whether the child has ended.
//
// With a limit of zero or less it only looks whether the goroutine is done. An end of which that one has just
// not heard yet is found by the next look.
func (p *Process) JoinTimeout(limit time.Duration) (ended bool, err error) {
	if p.done == nil {
		return false, errNotStarted
	}
	if limit > 0 {
		passed := time.NewTimer(limit)
		defer passed.Stop()
		select {
		case <-p.done:
		case <-passed.C:
		}
	}
	// The limit may have passed and the child ended: select takes either. The end counts.
	select {
	case <-p.done:
		return true, p.err
	default:
		return false, nil
	}
}

// ExitCode gives the child's exit status once it has been waited for, and -1 before, and when a signal has ended
// it. It never waits.
func (p *Process) ExitCode() int {
	select {
	case <-p.done:
		return p.state.ExitCode()
	default: // also before Start: nothing ever comes out of a nil channel
		return -1
	}
}
