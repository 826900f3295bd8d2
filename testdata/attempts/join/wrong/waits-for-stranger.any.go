// One caller at a time waits for any child (wait4 of -1) and notes whose end it was; a stranger's is never among them.

package join

import (
	"errors"
	"os"
	"sync"
	"syscall"
)

type Process struct {
	args []string
	pid  int
}

var (
	mu      sync.Mutex
	changed = sync.NewCond(&mu)
	waiting bool
	ended   = map[int]bool{}
)

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process { return &Process{pid: pid} }

func (p *Process) Start() (err error) {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("join: process not started")
	}
	mu.Lock()
	defer mu.Unlock()
	for !ended[p.pid] {
		if waiting {
			changed.Wait()
			continue
		}
		waiting = true
		mu.Unlock()
		pid, err := syscall.Wait4(-1, nil, 0, nil)
		mu.Lock()
		waiting = false
		changed.Broadcast()
		if err != nil {
			return err
		}
		ended[pid] = true
	}
	return nil
}
