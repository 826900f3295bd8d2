// The goroutine that waits sends the news of the end once, and a second Join waits for it in vain.

package exitcode

import (
	"errors"
	"os"
	"sync"
	"syscall"
)

type Process struct {
	args  []string
	pid   int
	mu    sync.Mutex
	ended bool
	code  int
	news  chan error
}

func New(args ...string) *Process { return &Process{args: args} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	p.pid, err = syscall.ForkExec(exe, append([]string{exe}, p.args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2},
	})
	p.news = make(chan error)
	go func() {
		var status syscall.WaitStatus
		for {
			if _, err := syscall.Wait4(p.pid, &status, 0, nil); err != syscall.EINTR {
				break
			}
		}
		p.mu.Lock()
		p.ended, p.code = true, Decode(status)
		p.mu.Unlock()
		p.news <- nil
	}()
	return err
}

func (p *Process) Join() error {
	if p.news == nil {
		return errors.New("not started")
	}
	return <-p.news
}

func (p *Process) ExitCode() (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.code, p.ended
}

func Decode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}
