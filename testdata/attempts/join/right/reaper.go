// One goroutine for the whole program waits for every child (wait4 of -1) and tells each object.

package join

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
)

type Process struct {
	args []string
	done chan struct{} // nil: not started, or no child
	err  error         // of Find
}

var (
	mu       sync.Mutex
	children = map[int]*Process{}
	reaping  bool
)

func New(args ...string) *Process {
	return &Process{args: args, err: errors.New("join: process not started")}
}

func Find(pid int) *Process {
	mu.Lock()
	defer mu.Unlock()
	if p := children[pid]; p != nil {
		return p
	}
	p := &Process{}
	switch ended, err := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); {
	case err != nil:
		p.err = fmt.Errorf("join: process %d: %w", pid, err)
	case ended == pid:
		p.done = make(chan struct{})
		close(p.done)
	default:
		p.watch(pid)
	}
	return p
}

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	mu.Lock() // the reaper must not look the child up before it is noted
	defer mu.Unlock()
	pid, err := syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	if err != nil {
		return err
	}
	p.watch(pid)
	return nil
}

// watch notes a child, with the lock held.
func (p *Process) watch(pid int) {
	p.done = make(chan struct{})
	children[pid] = p
	if !reaping {
		reaping = true
		go reap()
	}
}

func reap() {
	for {
		pid, err := syscall.Wait4(-1, nil, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		mu.Lock()
		if p := children[pid]; p != nil {
			close(p.done)
			delete(children, pid)
		}
		reaping = len(children) > 0
		mu.Unlock()
		if !reaping {
			return
		}
	}
}

func (p *Process) Join() error {
	if p.done == nil {
		return p.err
	}
	<-p.done
	return nil
}
