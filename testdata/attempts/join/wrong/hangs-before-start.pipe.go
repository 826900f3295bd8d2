// New makes the pipe whose end tells of the child's; before Start the parent itself keeps it open.

package join

import (
	"os"
	"sync"
	"syscall"
)

type Process struct {
	args []string
	r, w *os.File
	once sync.Once
	pid  int
	err  error
}

func New(args ...string) *Process {
	r, w, err := os.Pipe()
	return &Process{args: args, r: r, w: w, err: err}
}

func Find(pid int) *Process { return &Process{pid: pid} }

func (p *Process) Start() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	defer p.w.Close()
	child, err := os.StartProcess(exe, append([]string{exe}, p.args...), &os.ProcAttr{
		Files: []*os.File{nil, os.Stdout, os.Stderr, p.w},
	})
	if err == nil {
		p.pid = child.Pid
	}
	return err
}

func (p *Process) Join() error {
	p.once.Do(func() {
		if p.r != nil {
			syscall.Read(int(p.r.Fd()), make([]byte, 1))
		}
		_, p.err = syscall.Wait4(p.pid, nil, 0, nil)
	})
	return p.err
}
