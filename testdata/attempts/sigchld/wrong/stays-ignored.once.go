// Handle ends the ignoring the first time only.

package sigchld

import (
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Child struct {
	pid  int
	file *os.File
	end  atomic.Pointer[End]
	mu   sync.Mutex
}

type End struct {
	Ended  bool
	Known  bool
	Status syscall.WaitStatus
}

type action struct{ handler, flags, restorer, mask uint64 }

func sigaction(set, get *action) {
	_, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGCHLD), uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(get)), 8, 0, 0)
	if e != 0 {
		panic(e)
	}
}

var (
	gos      action // the Go runtime's own
	first    sync.Once
	all      sync.Map // *Child
	disp     sync.Mutex
	ignoring bool
	starting int
	handles  sync.Once
)

func begin() {
	first.Do(func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGCHLD)
		sigaction(nil, &gos)
		go func() {
			for range signals {
				go sweep()
			}
		}()
	})
}

func apply() {
	a := gos
	if ignoring && starting == 0 {
		a = action{handler: 1}
	}
	sigaction(&a, nil)
}

func Ignore() {
	begin()
	disp.Lock()
	ignoring = true
	apply()
	disp.Unlock()
	sweep()
}

func Handle() {
	begin()
	disp.Lock()
	handles.Do(func() {
		ignoring = false
		apply()
	})
	disp.Unlock()
	sweep()
}

func sweep() {
	all.Range(func(k, _ any) bool {
		k.(*Child).look()
		return true
	})
}

func (c *Child) look() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end.Load() != nil || !c.poll(0) {
		return
	}
	// It has ended, and nobody else takes its PID while it is a zombie; when it is none, the PID may be somebody's.
	var i unix.Siginfo
	e := End{Ended: true}
	if err := unix.Waitid(unix.P_PIDFD, int(c.file.Fd()), &i, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil); err == nil && i.Signo != 0 {
		var s syscall.WaitStatus
		if got, err := syscall.Wait4(c.pid, &s, syscall.WNOHANG, nil); err == nil && got == c.pid {
			e = End{true, true, s}
		}
	}
	c.end.Store(&e)
	all.Delete(c)
}

func (c *Child) poll(timeout int) bool {
	p := []unix.PollFd{{Fd: int32(c.file.Fd()), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(p, timeout)
		if err != unix.EINTR {
			return n > 0
		}
	}
}

func Start(path string, args ...string) (*Child, error) {
	begin()
	disp.Lock()
	starting++
	apply()
	disp.Unlock()
	fd := -1
	pid, err := syscall.ForkExec(path, append([]string{path}, args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{PidFD: &fd},
	})
	var c *Child
	if err == nil {
		c = &Child{pid: pid, file: os.NewFile(uintptr(fd), "pidfd")}
		all.Store(c, nil)
	}
	disp.Lock()
	starting--
	apply()
	disp.Unlock()
	sweep()
	return c, err
}

func (c *Child) Ask() End {
	c.look()
	if e := c.end.Load(); e != nil {
		return *e
	}
	return End{}
}

func (c *Child) Wait() End {
	if c.end.Load() == nil {
		c.poll(-1)
	}
	return c.Ask()
}
