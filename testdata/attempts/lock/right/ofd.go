// OFD locks (fcntl(2)): they belong to the open file, as those of flock do.

package lock

import (
	"errors"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

type Lock struct {
	path  string
	mutex sync.Mutex
	file  *os.File
}

func New(path string) *Lock { return &Lock{path: path} }

func (l *Lock) Acquire() error {
	_, err := l.take(unix.F_OFD_SETLKW)
	return err
}

func (l *Lock) TryAcquire() (bool, error) { return l.take(unix.F_OFD_SETLK) }

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
	if err := unix.FcntlFlock(file.Fd(), how, &unix.Flock_t{Type: unix.F_WRLCK}); err != nil {
		file.Close()
		if err == unix.EAGAIN || err == unix.EACCES {
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
