// Opens the file once, and closes it with the first release.

package lock

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

type Lock struct {
	path   string
	mutex  sync.Mutex
	file   *os.File
	once   sync.Once
	opened *os.File
}

func New(path string) *Lock { return &Lock{path: path} }

func (l *Lock) Acquire() error {
	_, err := l.take(syscall.LOCK_EX)
	return err
}

func (l *Lock) TryAcquire() (bool, error) { return l.take(syscall.LOCK_EX | syscall.LOCK_NB) }

func (l *Lock) AcquireTimeout(d time.Duration) (bool, error) {
	deadline := time.Now().Add(d)
	for nap := time.Duration(0); ; nap = 5 * time.Millisecond {
		acquired, err := l.TryAcquire()
		left := time.Until(deadline)
		if acquired || err != nil || left <= 0 {
			return acquired, err
		}
		time.Sleep(min(left, nap)) // the second try comes at once
	}
}

func (l *Lock) take(how int) (bool, error) {
	var err error
	l.once.Do(func() { l.opened, err = os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o644) })
	if err != nil {
		return false, err
	}
	file := l.opened
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
