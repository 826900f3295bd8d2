// The handler collects whoever has ended in its own process group, by wait4 of 0.

package sigchld

import (
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Child struct {
	pid int
	end End
}

type End struct {
	Ended  bool
	Known  bool
	Status syscall.WaitStatus
}

var (
	mu       sync.Mutex
	children = map[int]*Child{}
	ignoring bool
	signals  chan os.Signal
)

func listen() {
	if signals == nil {
		signals = make(chan os.Signal, 1)
		go func() {
			for range signals {
				sweep()
			}
		}()
	}
	signal.Notify(signals, syscall.SIGCHLD)
}

func sweep() {
	mu.Lock()
	defer mu.Unlock()
	sweepLocked()
}

func sweepLocked() {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(0, &status, syscall.WNOHANG, nil)
		if err != nil || pid == 0 {
			return
		}
		if c := children[pid]; c != nil {
			c.end = End{Ended: true, Known: true, Status: status}
			delete(children, pid)
		}
	}
}

func (c *Child) look() {
	if c.end.Ended {
		return
	}
	var status syscall.WaitStatus
	pid, err := syscall.Wait4(c.pid, &status, syscall.WNOHANG, nil)
	switch {
	case err == syscall.ECHILD:
		c.end = End{Ended: true}
	case pid == c.pid:
		c.end = End{Ended: true, Known: true, Status: status}
	default:
		return
	}
	delete(children, c.pid)
}

func Ignore() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = true
	signal.Ignore(syscall.SIGCHLD)
	sweepLocked()
}

func Handle() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = false
	listen()
	sweepLocked()
}

func Start(path string, args ...string) (*Child, error) {
	mu.Lock()
	defer mu.Unlock()
	if ignoring {
		listen()
	}
	p, err := os.StartProcess(path, append([]string{path}, args...), &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
	})
	var c *Child
	if err == nil {
		c = &Child{pid: p.Pid}
		children[p.Pid] = c
		p.Release()
	}
	if ignoring {
		signal.Ignore(syscall.SIGCHLD)
		sweepLocked()
	}
	return c, err
}

func (c *Child) Ask() End {
	mu.Lock()
	defer mu.Unlock()
	c.look()
	return c.end
}

func (c *Child) Wait() End {
	for {
		if end := c.Ask(); end.Ended {
			return end
		}
		unix.Waitid(unix.P_PID, c.pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
	}
}
