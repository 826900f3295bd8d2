// Deletes the file while it is locked. Only who has waited looks whether it was deleted meanwhile.

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
	for {
		file, err := l.open()
		if err != nil {
			return err
		}
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
			file.Close()
			return err
		}
		mine, err := file.Stat()
		if err != nil {
			file.Close()
			return err
		}
		if there, err := os.Stat(l.path); err == nil && os.SameFile(mine, there) {
			l.holds(file)
			return nil
		}
		file.Close()
	}
}

func (l *Lock) TryAcquire() (bool, error) {
	file, err := l.open()
	if err != nil {
		return false, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		if err == syscall.EWOULDBLOCK {
			err = nil
		}
		return false, err
	}
	l.holds(file)
	return true, nil
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

func (l *Lock) open() (*os.File, error) { return os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o644) }

func (l *Lock) holds(file *os.File) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.file = file
}

func (l *Lock) Release() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.file == nil {
		return errors.New("lock: not held")
	}
	err := errors.Join(os.Remove(l.path), l.file.Close())
	l.file = nil
	return err
}
