// Without os/exec: a thread for each call reads a socket pair and waits, and the end is a futex.

package asynccall

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Call struct {
	word   uint32
	answer string
	err    error
}

func Begin(args ...string) *Call {
	c := &Call{}
	argv := append([]string{"/proc/self/exe"}, args...)
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		c.over("", err)
		return c
	}
	type started struct {
		pid int
		err error
	}
	ready := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread goes with the goroutine
		syscall.ForkLock.RLock()
		sp, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		syscall.ForkLock.RUnlock()
		if err != nil {
			c.over("", err)
			ready <- err
			return
		}
		null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
		if err != nil {
			unix.Close(sp[0])
			unix.Close(sp[1])
			c.over("", err)
			ready <- err
			return
		}
		pid, err := syscall.ForkExec(exe, argv, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{uintptr(null), uintptr(sp[1]), uintptr(null)}})
		unix.Close(null)
		unix.Close(sp[1])
		if err != nil {
			unix.Close(sp[0])
			c.over("", err)
			ready <- err
			return
		}
		ready <- nil
		var answer []byte
		buf := make([]byte, 313)
		var bad error
		for {
			n, err := unix.Read(sp[0], buf)
			if err == unix.EINTR {
				continue
			}
			if err != nil {
				bad = err
			}
			if n <= 0 {
				break
			}
			answer = append(answer, buf[:n]...)
		}
		unix.Close(sp[0])
		var ws syscall.WaitStatus
		for {
			_, err := syscall.Wait4(pid, &ws, 0, nil)
			if err == syscall.EINTR {
				continue
			}
			if err != nil {
				bad = err
			}
			break
		}
		switch {
		case ws.Signaled():
			s := "signal: " + ws.Signal().String()
			if ws.CoreDump() {
				s += " (core dumped)"
			}
			bad = errors.New(s)
		case ws.ExitStatus() != 0:
			bad = fmt.Errorf("exit status %d", ws.ExitStatus())
		}
		if bad != nil {
			answer = nil
		}
		c.over(string(answer), bad)
	}()
	<-ready
	return c
}

func (c *Call) over(answer string, err error) {
	c.answer, c.err = answer, err
	atomic.StoreUint32(&c.word, 1)
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&c.word)), 1, 1<<30, 0, 0, 0)
}

func (c *Call) Ready() bool { return atomic.LoadUint32(&c.word) == 1 }

func (c *Call) Get() (string, error) {
	for !c.Ready() {
		unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&c.word)), 0, 0, 0, 0, 0)
	}
	return c.answer, c.err
}

func (c *Call) Then(f func(string, error)) { go func() { f(c.Get()) }() }
