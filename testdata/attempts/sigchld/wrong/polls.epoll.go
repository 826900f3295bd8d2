// An epoll tells of all pidfds, and each is closed without being taken out: while a child before its exec has a copy, the
// epoll tells of it for ever.

package sigchld

import (
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Child struct {
	pid, fd int
	done    chan struct{}
	mu      sync.Mutex
	end     End
}

type End struct {
	Ended  bool
	Known  bool
	Status syscall.WaitStatus
}

var (
	mode     sync.Mutex
	ignored  bool
	nobody   = make(chan os.Signal, 1)
	table    sync.Mutex
	children = map[int32]*Child{}
	epfd     = -1
)

func Ignore() {
	mode.Lock()
	defer mode.Unlock()
	signal.Ignore(syscall.SIGCHLD)
	ignored = true
	clear()
	watch()
}

func Handle() {
	mode.Lock()
	defer mode.Unlock()
	signal.Notify(nobody, syscall.SIGCHLD) // an end to the ignoring
	ignored = false
	clear()
	watch()
}

func watch() {
	table.Lock()
	defer table.Unlock()
	if epfd >= 0 {
		return
	}
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		panic(err)
	}
	epfd = fd
	for _, c := range children {
		add(c)
	}
	go func() {
		events := make([]unix.EpollEvent, 64)
		for {
			n, err := unix.EpollWait(fd, events, -1)
			if err != nil {
				continue
			}
			for _, e := range events[:n] {
				table.Lock()
				c := children[e.Fd]
				table.Unlock()
				if c != nil {
					c.collect()
				}
			}
		}
	}()
}

func add(c *Child) {
	unix.EpollCtl(epfd, unix.EPOLL_CTL_ADD, c.fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(c.fd)})
}

func clear() {
	table.Lock()
	var all []*Child
	for _, c := range children {
		all = append(all, c)
	}
	table.Unlock()
	for _, c := range all {
		c.collect()
	}
}

// collect looks whether the child has ended, and keeps its status.
func (c *Child) collect() End {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end.Ended {
		return c.end
	}
	fds := []unix.PollFd{{Fd: int32(c.fd), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(fds, 0)
		if err == unix.EINTR {
			continue
		}
		if n == 0 || err != nil {
			return End{}
		}
		break
	}
	c.end.Ended = true
	var info unix.Siginfo
	// Still a zombie? Then its PID is its own.
	if unix.Waitid(unix.P_PIDFD, c.fd, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil) == nil && info.Signo != 0 {
		var ws syscall.WaitStatus
		if pid, err := syscall.Wait4(c.pid, &ws, syscall.WNOHANG, nil); err == nil && pid == c.pid {
			c.end.Known, c.end.Status = true, ws
		}
	}
	table.Lock()
	delete(children, int32(c.fd))
	unix.Close(c.fd)
	table.Unlock()
	close(c.done)
	return c.end
}

func Start(path string, args ...string) (*Child, error) {
	mode.Lock()
	defer mode.Unlock()
	if ignored {
		signal.Notify(nobody, syscall.SIGCHLD)
		defer clear()
		defer signal.Ignore(syscall.SIGCHLD)
	}
	c := &Child{done: make(chan struct{})}
	p, err := os.StartProcess(path, append([]string{path}, args...), &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
		Sys:   &syscall.SysProcAttr{PidFD: &c.fd},
	})
	if err != nil {
		return nil, err
	}
	c.pid = p.Pid
	p.Release()
	table.Lock()
	defer table.Unlock()
	children[int32(c.fd)] = c
	if epfd >= 0 {
		add(c)
	}
	return c, nil
}

func (c *Child) Ask() End { return c.collect() }

func (c *Child) Wait() End {
	<-c.done
	return c.collect()
}
