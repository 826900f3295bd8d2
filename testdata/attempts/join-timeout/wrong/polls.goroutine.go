// A goroutine asks every 10 ms whether the child has ended, and then tells the joins.

package jointimeout

import (
	"errors"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"
)

type Process struct {
	cmd   *exec.Cmd
	done  chan struct{} // closed at the end
	state *os.ProcessState
	err   error
}

func New(args ...string) *Process {
	exe, _ := os.Executable()
	return &Process{cmd: exec.Command(exe, args...)}
}

func (p *Process) Start() error {
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.done = make(chan struct{})
	go p.wait()
	return nil
}

func (p *Process) wait() {
	defer close(p.done)
	for {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_PID, p.cmd.Process.Pid, &info, unix.WEXITED|unix.WNOWAIT|unix.WNOHANG, nil)
		if err != nil || info.Signo != 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.state, p.err = p.cmd.Process.Wait()
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("join-timeout: process not started")
	}
	<-p.done
	return p.err
}

func (p *Process) JoinTimeout(limit time.Duration) (bool, error) {
	if p.done == nil {
		return false, errors.New("join-timeout: process not started")
	}
	select {
	case <-p.done:
	case <-time.After(limit):
	}
	select {
	case <-p.done:
		return true, p.err
	default:
		return false, nil
	}
}

func (p *Process) ExitCode() int {
	select {
	case <-p.done:
		return p.state.ExitCode()
	default:
		return -1
	}
}
