// A POSIX lock behind a mutex for every path, and still lost when the file is read.

package lock

import (
	"errors"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

var guards sync.Map // of chan bool, by path

type Lock struct {
	path  string
	mutex sync.Mutex
	file  *os.File
}

func New(path string) *Lock { return &Lock{path: path} }

func (l *Lock) Acquire() error {
	_, err := l.take(unix.F_SETLKW)
	return err
}

func (l *Lock) TryAcquire() (bool, error) { return l.take(unix.F_SETLK) }

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
	guard, _ := guards.LoadOrStore(l.path, make(chan bool, 1))
	if how == unix.F_SETLK {
		select {
		case guard.(chan bool) <- true:
		default:
			return false, nil
		}
	} else {
		guard.(chan bool) <- true
	}
	acquired, err := l.lock(how)
	if !acquired {
		<-guard.(chan bool)
	}
	return acquired, err
}

func (l *Lock) lock(how int) (bool, error) {
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
	guard, _ := guards.Load(l.path)
	<-guard.(chan bool)
	return err
}
