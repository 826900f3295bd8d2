// Handle takes the ignoring back by signal.Reset, which leaves it.

package sigchld

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type Child struct {
	process *os.Process
	pidfd   int
	ended   chan struct{}
	end     End
}

type End struct {
	Ended  bool
	Known  bool
	Status syscall.WaitStatus
}

var (
	mu       sync.Mutex
	children = map[int32]*Child{}
	ignoring bool
	poll     int
)

func init() {
	poll, _ = unix.EpollCreate1(unix.EPOLL_CLOEXEC)
}

var begin = sync.OnceFunc(func() { go collect() })

func collect() {
	events := make([]unix.EpollEvent, 16)
	for {
		n, err := unix.EpollWait(poll, events, -1)
		if err == unix.EINTR {
			continue
		}
		for _, e := range events[:max(n, 0)] {
			mu.Lock()
			c := children[e.Fd]
			delete(children, e.Fd)
			mu.Unlock()
			unix.EpollCtl(poll, unix.EPOLL_CTL_DEL, c.pidfd, nil)
			unix.Close(c.pidfd)
			c.end.Ended = true
			if state, err := c.process.Wait(); err == nil {
				c.end.Known = true
				c.end.Status = state.Sys().(syscall.WaitStatus)
			}
			close(c.ended)
		}
	}
}

func Ignore() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = true
	signal.Ignore(syscall.SIGCHLD)
	begin()
}

func Handle() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = false
	signal.Reset(syscall.SIGCHLD)
	begin()
}

func defaults() { signal.Stop(notify()) }

func notify() chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGCHLD)
	return c
}

func Start(path string, args ...string) (*Child, error) {
	mu.Lock()
	defer mu.Unlock()
	if ignoring {
		defaults()
		defer signal.Ignore(syscall.SIGCHLD)
	}
	c := &Child{ended: make(chan struct{})}
	p, err := os.StartProcess(path, append([]string{path}, args...), &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}, Sys: &syscall.SysProcAttr{PidFD: &c.pidfd},
	})
	if err != nil {
		return nil, err
	}
	c.process = p
	children[int32(c.pidfd)] = c
	err = unix.EpollCtl(poll, unix.EPOLL_CTL_ADD, c.pidfd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(c.pidfd)})
	return c, errors.Join(err)
}

func (c *Child) Ask() End {
	select {
	case <-c.ended:
		return c.end
	default:
		return End{}
	}
}

func (c *Child) Wait() End {
	<-c.ended
	return c.end
}
