// The goroutines that wait in a Lock share one open file, and that is given the lock as often as it asks.

package lock

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

type Lock struct {
	path     string
	mutex    sync.Mutex
	released *sync.Cond
	held     bool
	waiting  int
	file     *os.File
}

func New(path string) *Lock {
	l := &Lock{path: path}
	l.released = sync.NewCond(&l.mutex)
	return l
}

func (l *Lock) Acquire() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for l.held {
		l.released.Wait()
	}
	_, err := l.take(syscall.LOCK_EX)
	return err
}

func (l *Lock) TryAcquire() (bool, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.held {
		return false, nil
	}
	return l.take(syscall.LOCK_EX | syscall.LOCK_NB)
}

func (l *Lock) AcquireTimeout(d time.Duration) (bool, error) {
	deadline := time.Now().Add(d)
	for {
		acquired, err := l.TryAcquire()
		left := time.Until(deadline)
		if acquired || err != nil || left <= 0 {
			return acquired, err
		}
		time.Sleep(min(left, 5*time.Millisecond))
	}
}

// take is called with the mutex locked, and unlocks it while it waits.
func (l *Lock) take(how int) (bool, error) {
	if l.file == nil {
		file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return false, err
		}
		l.file = file
	}
	file := l.file
	l.waiting++
	l.mutex.Unlock()
	err := syscall.Flock(int(file.Fd()), how)
	l.mutex.Lock()
	l.waiting--
	if err == nil {
		l.held = true
		return true, nil
	}
	l.closeUnused()
	if err == syscall.EWOULDBLOCK {
		return false, nil
	}
	return false, err
}

func (l *Lock) Release() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if !l.held {
		return errors.New("lock: not held")
	}
	l.held = false
	l.released.Signal()
	err := syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN)
	l.closeUnused()
	return err
}

func (l *Lock) closeUnused() {
	if l.waiting == 0 {
		l.file.Close()
		l.file = nil
	}
}
