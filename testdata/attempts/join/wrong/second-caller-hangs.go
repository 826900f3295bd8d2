// The goroutine that waits sends one message: one of two callers gets it, and the other waits for ever.

package join

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
)

type Process struct {
	args  []string
	pid   int
	ended bool
	done  chan error
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process { return &Process{pid: pid} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	child, err := os.StartProcess(exe, append([]string{exe}, p.args...), &os.ProcAttr{
		Files: []*os.File{nil, os.Stdout, os.Stderr},
	})
	if err != nil {
		return err
	}
	p.pid, p.done = child.Pid, make(chan error)
	go func() {
		_, err := child.Wait()
		p.done <- err
	}()
	// Elsewhere this program listens for signals, as most do.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM)
	return nil
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("join: process not started")
	}
	if p.done == nil {
		return errors.New("join: not a child of this process")
	}
	if p.ended {
		return nil
	}
	err := <-p.done
	p.ended = true
	return err
}
