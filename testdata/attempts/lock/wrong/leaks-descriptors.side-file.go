// Unlocks a file of its own beside the path without closing it.

package lock

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

var all []*os.File // not for the garbage collector

type Lock struct {
	path  string
	mutex sync.Mutex
	file  *os.File
}

func New(path string) *Lock { return &Lock{path: path + ".lock"} }

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
	err := syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN)
	all = append(all, l.file)
	l.file = nil
	return err
}
