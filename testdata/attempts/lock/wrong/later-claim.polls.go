// After the limit a goroutine goes on trying, and takes the lock.

package lock

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
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

func (l *Lock) AcquireTimeout(d time.Duration) (bool, error) {
	if d <= 0 {
		return l.TryAcquire()
	}
	done := make(chan error, 1)
	go func() {
		for {
			acquired, err := l.TryAcquire()
			if acquired || err != nil {
				done <- err
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	select {
	case err := <-done:
		return err == nil, err
	case <-time.After(d):
		return false, nil
	}
}

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
