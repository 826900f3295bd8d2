// Waits for the end of a pipe whose other side the child holds, and hands on to a grandchild.

package join

import (
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
)

type Process struct {
	args []string
	pid  int
	end  *os.File

	mu    sync.Mutex
	ended bool
}

func New(args ...string) *Process { return &Process{args: args} }

func Find(pid int) *Process { return &Process{pid: pid} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer w.Close() // the parent's own copy would keep the pipe open
	p.end = r
	child, err := os.StartProcess(exe, append([]string{exe}, p.args...), &os.ProcAttr{
		Files: []*os.File{nil, os.Stdout, os.Stderr, w},
	})
	if err == nil {
		p.pid = child.Pid
		child.Release()
	}
	return err
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("join: process not started")
	}
	if p.end != nil {
		io.ReadAll(p.end)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return nil
	}
	// The kernel closes the files a moment before the process has ended: this may still wait a little.
	_, err := syscall.Wait4(p.pid, nil, 0, nil)
	p.ended = err == nil
	return err
}
