// A thread that sleeps in flock is woken by a signal whose handler does not restart the call.

package lock

import (
	"errors"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

type Lock struct {
	path  string
	mutex sync.Mutex
	file  *os.File
}

func New(path string) *Lock { return &Lock{path: path} }

func (l *Lock) Acquire() error {
	_, err := l.take(syscall.LOCK_EX)
	return err
}

func (l *Lock) TryAcquire() (bool, error) { return l.take(syscall.LOCK_EX | syscall.LOCK_NB) }

// AcquireTimeout sleeps in flock on a thread of its own. When the limit has passed, the thread is sent SIGUSR2 until it has
// come back: a signal that comes before the call would change nothing.
func (l *Lock) AcquireTimeout(d time.Duration) (bool, error) {
	if d <= 0 {
		return l.TryAcquire()
	}
	interruptible()
	file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return false, err
	}
	thread, done := make(chan int, 1), make(chan error, 1)
	var over atomic.Bool
	go func() {
		runtime.LockOSThread()
		thread <- unix.Gettid()
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
		for err == syscall.EINTR && !over.Load() {
			err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
		}
		done <- err
	}()
	passed := time.NewTimer(d)
	defer passed.Stop()
	select {
	case err = <-done:
	case <-passed.C:
		over.Store(true)
		tid := <-thread
		for waiting := true; waiting; {
			unix.Tgkill(os.Getpid(), tid, unix.SIGUSR2)
			select {
			case err = <-done:
				waiting = false
			case <-time.After(time.Millisecond):
			}
		}
	}
	if err != nil {
		file.Close()
		if err == syscall.EINTR {
			err = nil
		}
		return false, err
	}
	l.mutex.Lock()
	l.file = file
	l.mutex.Unlock()
	return true, nil
}

// interruptible takes SA_RESTART off the handler that the Go runtime has for SIGUSR2 (sigaction(2)).
var interruptible = sync.OnceFunc(func() {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGUSR2)
	var action struct {
		handler, flags, restorer, mask uintptr
	}
	const restart = 0x10000000
	syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGUSR2), 0, uintptr(unsafe.Pointer(&action)), 8, 0, 0)
	action.flags &^= restart
	syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGUSR2), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
})

func (l *Lock) take(how int) (bool, error) {
	file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return false, err
	}
	if err := syscall.Flock(int(file.Fd()), how); err != nil {
		file.Close()
		if err == syscall.EWOULDBLOCK {
			err = nil
		}
		return false, err
	}
	l.mutex.Lock()
	l.file = file
	l.mutex.Unlock()
	return true, nil
}

func (l *Lock) Release() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.file == nil {
		return errors.New("lock: not held")
	}
	err := l.file.Close()
	l.file = nil
	return err
}
