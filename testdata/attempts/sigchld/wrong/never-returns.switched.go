// A Wait that was begun while SIGCHLD was handled sleeps until the handler has cleared the child away.

package sigchld

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Child struct {
	mu   sync.Mutex
	pid  int
	fd   int // pidfd, kept open while anybody may need it
	end  End
	done chan struct{}
}

type End struct {
	Ended  bool
	Known  bool
	Status syscall.WaitStatus
}

var (
	mu       sync.Mutex // mode changes and starts
	ignoring bool
	sigs     = make(chan os.Signal, 1)
	once     sync.Once

	listMu   sync.Mutex
	children = map[*Child]bool{}
)

func Ignore() {
	mu.Lock()
	defer mu.Unlock()
	signal.Ignore(unix.SIGCHLD)
	ignoring = true
	sweep()
}

func Handle() {
	mu.Lock()
	defer mu.Unlock()
	signal.Notify(sigs, unix.SIGCHLD)
	ignoring = false
	once.Do(func() {
		go func() {
			for range sigs {
				sweep()
			}
		}()
	})
	sweep()
}

func sweep() {
	listMu.Lock()
	all := make([]*Child, 0, len(children))
	for c := range children {
		all = append(all, c)
	}
	listMu.Unlock()
	for _, c := range all {
		c.Ask()
	}
}

func Start(path string, args ...string) (*Child, error) {
	mu.Lock()
	defer mu.Unlock()
	if ignoring {
		tmp := make(chan os.Signal, 1)
		signal.Notify(tmp, unix.SIGCHLD)
		defer func() {
			signal.Ignore(unix.SIGCHLD)
			sweep()
		}()
	}
	fd := -1
	p, err := os.StartProcess(path, append([]string{path}, args...), &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
		Sys:   &syscall.SysProcAttr{PidFD: &fd},
	})
	if err != nil {
		return nil, err
	}
	c := &Child{pid: p.Pid, fd: fd, done: make(chan struct{})}
	p.Release()
	if fd < 0 {
		return nil, errors.New("no pidfd")
	}
	listMu.Lock()
	children[c] = true
	listMu.Unlock()
	select {
	case sigs <- unix.SIGCHLD: // it may have ended already
	default:
	}
	return c, nil
}

func (c *Child) Ask() End {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end.Ended {
		return c.end
	}

	var si struct {
		Signo, Errno, Code int32
		_                  int32
		Pid                int32
		Uid                uint32
		Status             int32
		_                  [100]byte
	}

	for {
		_, _, e := rawWaitid(c.fd, &si)
		if e == unix.EINTR {
			continue
		}
		if e == unix.ECHILD {
			c.end = End{Ended: true}
		} else if e == 0 && si.Pid != 0 {
			var s syscall.WaitStatus
			switch si.Code {
			case 1:
				s = syscall.WaitStatus(si.Status << 8)
			case 2:
				s = syscall.WaitStatus(si.Status)
			case 3:
				s = syscall.WaitStatus(si.Status | 0x80)
			}
			c.end = End{true, true, s}
		}
		break
	}
	if c.end.Ended {
		unix.Close(c.fd)
		close(c.done)
		listMu.Lock()
		delete(children, c)
		listMu.Unlock()
	}
	return c.end
}

func (c *Child) Wait() End {
	c.mu.Lock()
	if c.end.Ended {
		defer c.mu.Unlock()
		return c.end
	}
	fd, err := unix.FcntlInt(uintptr(c.fd), unix.F_DUPFD_CLOEXEC, 0)
	c.mu.Unlock()
	mu.Lock()
	ign := ignoring
	mu.Unlock()
	if !ign {
		unix.Close(fd)
		<-c.done
		return c.Ask()
	}
	if err != nil {
		panic(err)
	}
	defer unix.Close(fd)
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
		if n == 1 && err == nil {
			return c.Ask()
		}
	}
}

func rawWaitid[T any](fd int, si *T) (uintptr, uintptr, unix.Errno) {
	return unix.Syscall6(unix.SYS_WAITID, unix.P_PIDFD, uintptr(fd), uintptr(unsafe.Pointer(si)), unix.WEXITED|unix.WNOHANG, 0, 0)
}
