// While somebody is in Stop, a second Stop leaves the child to that one, and returns at once.

package terminate

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

type Process struct {
	args     []string
	p        *os.Process
	done     chan struct{}
	sem      chan struct{}
	stopping atomic.Bool
}

func New(args ...string) *Process {
	return &Process{args: args, done: make(chan struct{}), sem: make(chan struct{}, 1)}
}

func (p *Process) Start() error {
	p.sem <- struct{}{}
	defer func() { <-p.sem }()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	q, err := os.StartProcess(exe, append([]string{exe}, p.args...), &os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}})
	if err != nil {
		return err
	}
	p.p = q
	go func() {
		q.Wait()
		close(p.done)
	}()
	return nil
}

func (p *Process) get() (*os.Process, error) {
	p.sem <- struct{}{}
	defer func() { <-p.sem }()
	if p.p == nil {
		return nil, fmt.Errorf("terminate: not started")
	}
	return p.p, nil
}

func (p *Process) Join() error {
	if _, err := p.get(); err != nil {
		return err
	}
	<-p.done
	return nil
}

func (p *Process) send(s os.Signal) error {
	q, err := p.get()
	if err != nil {
		return err
	}
	if err := q.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

func (p *Process) Terminate() error { return p.send(unix.SIGTERM) }

func (p *Process) Kill() error { return p.send(os.Kill) }

func (p *Process) Stop(grace time.Duration) error {
	if err := p.Terminate(); err != nil {
		return err
	}
	if !p.stopping.CompareAndSwap(false, true) {
		return nil
	}
	late := make(chan error, 1)
	sent := make(chan struct{})
	t := time.AfterFunc(grace, func() { late <- p.Kill(); close(sent) })
	<-p.done
	if !t.Stop() {
		<-sent
	}
	select {
	case err := <-late:
		return err
	default:
		return nil
	}
}
