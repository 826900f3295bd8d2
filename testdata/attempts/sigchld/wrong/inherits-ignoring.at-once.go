// Each start ends the ignoring and begins it again, whatever the others are at.

package sigchld

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Child struct {
	fd   int
	end  End
	done chan struct{}
}

type End struct {
	Ended  bool
	Known  bool
	Status syscall.WaitStatus
}

var (
	mu       sync.Mutex
	ignoring bool
	children = map[int32]*Child{}
	ep       = -1
	sink     = make(chan os.Signal, 1)
)

func Ignore() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = true
	signal.Ignore(syscall.SIGCHLD)
	sweep()
}

func Handle() {
	mu.Lock()
	defer mu.Unlock()
	ignoring = false
	signal.Notify(sink, syscall.SIGCHLD)
	sweep()
}

func sweep() {
	for _, c := range children {
		c.settle()
	}
}

// settle clears the child away if it has ended.
func (c *Child) settle() {
	if c.end.Ended {
		return
	}
	p := []unix.PollFd{{Fd: int32(c.fd), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(p, 0)
		if err == unix.EINTR {
			continue
		}
		if n == 0 {
			return
		}
		break
	}
	var info [16]uint64
	for {
		err := unix.Waitid(unix.P_PIDFD, c.fd, (*unix.Siginfo)(unsafe.Pointer(&info)), unix.WEXITED|unix.WNOHANG, nil)
		if err == unix.EINTR {
			continue
		}
		if err == nil && int32(info[0]) != 0 {
			code, status := int32(info[1]), int32(info[3])
			c.end.Known = true
			switch code {
			case 1:
				c.end.Status = syscall.WaitStatus(status << 8)
			case 2:
				c.end.Status = syscall.WaitStatus(status)
			case 3:
				c.end.Status = syscall.WaitStatus(status | 0x80)
			}
		}
		break
	}
	c.end.Ended = true
	delete(children, int32(c.fd))
	unix.EpollCtl(ep, unix.EPOLL_CTL_DEL, c.fd, nil)
	unix.Close(c.fd)
	close(c.done)
}

func loop() {
	events := make([]unix.EpollEvent, 7)
	for {
		n, _ := unix.EpollWait(ep, events, -1)
		mu.Lock()
		for i := range max(n, 0) {
			if c := children[events[i].Fd]; c != nil {
				c.settle()
			}
		}
		mu.Unlock()
	}
}

func Start(path string, args ...string) (*Child, error) {
	mu.Lock()
	if ep < 0 {
		fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
		if err != nil {
			mu.Unlock()
			return nil, err
		}
		ep = fd
		go loop()
	}
	if ignoring {
		signal.Notify(sink, syscall.SIGCHLD)
	}
	mu.Unlock()

	fd := -1
	_, err := syscall.ForkExec(path, append([]string{path}, args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{PidFD: &fd},
	})

	mu.Lock()
	defer mu.Unlock()
	if ignoring {
		signal.Ignore(syscall.SIGCHLD)
		sweep()
	}
	if err != nil {
		return nil, err
	}
	c := &Child{fd: fd, done: make(chan struct{})}
	children[int32(fd)] = c
	if err := unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}); err != nil {
		panic(err)
	}
	c.settle()
	return c, nil
}

func (c *Child) Ask() End {
	mu.Lock()
	defer mu.Unlock()
	c.settle()
	return c.end
}

func (c *Child) Wait() End {
	<-c.done
	return c.Ask()
}
