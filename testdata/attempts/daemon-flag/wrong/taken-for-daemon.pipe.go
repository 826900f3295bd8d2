// Takes a process for a daemon when its descriptor 3 is a pipe.

package daemonflag

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"syscall"
)

const mark = "DAEMONFLAG_DAEMON_OF"

var amDaemon bool
var keep []*os.File

// Begin is the first call of main.
func Begin() {
	var st syscall.Stat_t
	amDaemon = syscall.Fstat(3, &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFIFO
	if amDaemon {
		syscall.CloseOnExec(3)
	}
}

var (
	mu       sync.Mutex
	children = map[*Process]bool{}
	once     sync.Once
	work     chan func()
)

func onStarter(f func()) {
	once.Do(func() {
		work = make(chan func())
		go func() {
			runtime.LockOSThread() // lives as long as the process
			for f := range work {
				f()
			}
		}()
	})
	done := make(chan struct{})
	work <- func() { f(); close(done) }
	<-done
}

// Process is a child process.
type Process struct {
	mu      sync.Mutex
	daemon  bool
	started bool
	args    []string
	cmd     *exec.Cmd
	gone    chan struct{}
}

// New describes a child.
func New(daemon bool, args ...string) *Process {
	return &Process{daemon: daemon, args: append([]string(nil), args...)}
}

// SetDaemon says whether the child will be a daemon.
func (p *Process) SetDaemon(daemon bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.started {
		return errors.New("daemonflag: process has already started")
	}
	p.daemon = daemon
	return nil
}

// Start starts the child.
func (p *Process) Start() error {
	if amDaemon {
		return errors.New("daemonflag: a daemon has no children")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.started {
		return errors.New("daemonflag: process has already started")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, p.args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if p.daemon {
		cmd.Env = append(os.Environ(), mark+"="+strconv.Itoa(os.Getpid()))
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		pr, pw, _ := os.Pipe()
		keep = append(keep, pw)
		cmd.ExtraFiles = []*os.File{pr}
		defer pr.Close()
		onStarter(func() { err = cmd.Start() })
	} else {
		err = cmd.Start()
	}
	if err != nil {
		return err
	}
	p.started, p.cmd, p.gone = true, cmd, make(chan struct{})
	mu.Lock()
	children[p] = p.daemon
	mu.Unlock()
	go func() {
		cmd.Wait()
		mu.Lock()
		delete(children, p)
		mu.Unlock()
		close(p.gone)
	}()
	return nil
}

// Join sleeps until this child has ended.
func (p *Process) Join() error {
	p.mu.Lock()
	if !p.started {
		p.mu.Unlock()
		return errors.New("daemonflag: not started")
	}
	p.mu.Unlock()
	<-p.gone
	return nil
}

// End is the last call of main.
func End() {
	mu.Lock()
	var first, second []*Process
	for p, d := range children {
		if d {
			p.cmd.Process.Kill()
			first = append(first, p)
		} else {
			second = append(second, p)
		}
	}
	mu.Unlock()
	for _, p := range append(first, second...) {
		<-p.gone
	}
}
