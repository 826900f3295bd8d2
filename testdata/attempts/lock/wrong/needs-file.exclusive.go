// Looks whether there is a file, and makes it if not: whoever made it first meanwhile is an error to the other.

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

func (l *Lock) take(how int) (bool, error) {
	file, err := open(l.path)
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

func open(path string) (*os.File, error) {
	_, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	}
	if err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_RDWR, 0)
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
