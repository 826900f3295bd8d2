// One goroutine owns the process: it alone signals and reaps, and is asked over a channel.

package terminate

import (
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

type Process struct {
	args    []string
	signals chan syscall.Signal
	sent    chan error
	ended   chan struct{}
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	pid, err := syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	if err != nil {
		return err
	}
	p.signals, p.sent, p.ended = make(chan syscall.Signal), make(chan error), make(chan struct{})
	zombie := make(chan struct{})
	go func() {
		unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		close(zombie)
	}()
	go func() {
		for {
			select {
			case s := <-p.signals:
				p.sent <- syscall.Kill(pid, s)
			case <-zombie:
				syscall.Wait4(pid, nil, 0, nil)
				close(p.ended)
				return
			}
		}
	}()
	return nil
}

func (p *Process) Join() error {
	if p.ended == nil {
		return errors.New("not started")
	}
	<-p.ended
	return nil
}

func (p *Process) send(s syscall.Signal) error {
	if p.ended == nil {
		return errors.New("not started")
	}
	select {
	case p.signals <- s:
		return <-p.sent
	case <-p.ended:
		return nil
	}
}

func (p *Process) Terminate() error { return p.send(syscall.SIGTERM) }

func (p *Process) Kill() error { return p.send(syscall.SIGKILL) }

func (p *Process) Stop(grace time.Duration) error {
	if err := p.Terminate(); err != nil {
		return err
	}
	force := time.NewTimer(grace)
	defer force.Stop()
	select {
	case <-p.ended:
		return nil
	case <-force.C:
		return errors.Join(p.Kill(), p.Join())
	}
}
