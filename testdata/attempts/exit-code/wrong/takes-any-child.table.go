// A goroutine for each start waits for any child, and a table says by the PID whose end it was.

package exitcode

import (
	"errors"
	"os"
	"sync"
	"syscall"
)

type Process struct {
	args []string
	done chan struct{}
	code int
}

var (
	mu      sync.Mutex
	started = map[int]*Process{}
)

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	mu.Lock()
	defer mu.Unlock()
	pid, err := syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		return err
	}
	p.done = make(chan struct{})
	started[pid] = p
	go collect()
	return nil
}

// collect waits for one end, whosever it is: there are as many calls as processes.
func collect() {
	var status syscall.WaitStatus
	pid, err := syscall.Wait4(-1, &status, 0, nil)
	for err == syscall.EINTR {
		pid, err = syscall.Wait4(-1, &status, 0, nil)
	}
	mu.Lock()
	defer mu.Unlock()
	if p := started[pid]; p != nil {
		p.code = Decode(status)
		close(p.done)
		delete(started, pid)
	}
}

func (p *Process) Join() error {
	if p.done == nil {
		return errors.New("not started")
	}
	<-p.done
	return nil
}

func (p *Process) ExitCode() (int, bool) {
	select {
	case <-p.done:
		return p.code, true
	default:
		return 0, false
	}
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
