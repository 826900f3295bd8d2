// Puts a guardian between parent and daemon: it starts the daemon, and ends it when the parent closes a pipe or is gone.

package daemonflag

import (
	"errors"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	guardianMark = "a-guardian"
	daemonMark   = "a-daemon"
)

var (
	isDaemon bool
	mu       sync.Mutex
	started  []*Process
)

// Begin turns a guardian into what it is; it never returns there.
func Begin() {
	switch os.Args[0] {
	case guardianMark:
		guard()
	case daemonMark:
		isDaemon = true
	}
}

func guard() {
	syscall.CloseOnExec(3)
	exe, _ := os.Executable()
	daemon, err := os.StartProcess(exe, append([]string{daemonMark}, os.Args[1:]...), &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}})
	if err != nil {
		os.Exit(1)
	}
	leash := os.NewFile(3, "leash")
	go func() {
		leash.Read(make([]byte, 1))
		daemon.Kill()
	}()
	daemon.Wait()
	os.Exit(0)
}

type Process struct {
	args   []string
	daemon bool
	pid    int
	leash  *os.File
	ended  sync.Mutex // locked from Start to the end
}

func New(daemon bool, args ...string) *Process { return &Process{args: args, daemon: daemon} }

func (p *Process) SetDaemon(daemon bool) error {
	if p.pid != 0 {
		return errors.New("process has already started")
	}
	p.daemon = daemon
	return nil
}

func (p *Process) Start() error {
	if isDaemon {
		return errors.New("daemonic processes are not allowed to have children")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	argv, files := append([]string{exe}, p.args...), []uintptr{0, 1, 2}
	if p.daemon {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		defer r.Close()
		argv[0], files, p.leash = guardianMark, append(files, r.Fd()), w
	}
	pid, err := syscall.ForkExec(exe, argv, &syscall.ProcAttr{Env: os.Environ(), Files: files})
	if err != nil {
		return err
	}
	p.pid = pid
	p.ended.Lock()
	go func() {
		for {
			err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED, nil)
			if err != unix.EINTR {
				break
			}
		}
		p.ended.Unlock()
	}()
	mu.Lock()
	defer mu.Unlock()
	started = append(started, p)
	return nil
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("process not started")
	}
	p.ended.Lock()
	p.ended.Unlock()
	return nil
}

func End() {
	for _, p := range started {
		if p.daemon {
			p.leash.Close()
		}
	}
	for _, p := range started {
		p.Join()
	}
}
