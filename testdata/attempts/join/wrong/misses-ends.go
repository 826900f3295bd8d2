// At each SIGCHLD the children are looked through for one that has ended; two that end together send one signal.

package join

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

type Process struct {
	args  []string
	ended chan struct{} // nil: not started, or no child
}

var (
	mu       sync.Mutex
	living   = map[int]*Process{}
	listened sync.Once
)

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process {
	p := &Process{}
	mu.Lock()
	defer mu.Unlock()
	listened.Do(listen)
	switch ended, err := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); {
	case ended == pid:
		p.ended = make(chan struct{})
		close(p.ended)
	case err == nil:
		p.ended = make(chan struct{})
		living[pid] = p
	}
	return p
}

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	mu.Lock()
	defer mu.Unlock()
	listened.Do(listen)
	pid, err := syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	if err == nil {
		p.ended = make(chan struct{})
		living[pid] = p
	}
	return err
}

func listen() {
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGCHLD)
	go func() {
		for range ends {
			collect()
		}
	}()
}

func collect() {
	mu.Lock()
	defer mu.Unlock()
	for pid, p := range living {
		if ended, _ := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); ended == pid {
			delete(living, pid)
			close(p.ended)
			return
		}
	}
}

func (p *Process) Join() error {
	if p.ended == nil {
		return errors.New("join: not started, or no child")
	}
	<-p.ended
	return nil
}
