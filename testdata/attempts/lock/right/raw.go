// The bare calls, with descriptors for files.

package lock

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

type Lock struct {
	path  string
	mutex sync.Mutex
	fd    int
	held  bool
}

func New(path string) *Lock { return &Lock{path: path} }

func (l *Lock) Acquire() error {
	_, err := l.take(unix.LOCK_EX)
	return err
}

func (l *Lock) TryAcquire() (bool, error) { return l.take(unix.LOCK_EX | unix.LOCK_NB) }

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
	fd, err := unix.Open(l.path, unix.O_RDONLY|unix.O_CREAT|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return false, err
	}
	err = unix.Flock(fd, how)
	for err == unix.EINTR {
		err = unix.Flock(fd, how)
	}
	if err != nil {
		unix.Close(fd)
		if err == unix.EWOULDBLOCK {
			return false, nil
		}
		return false, err
	}
	l.mutex.Lock()
	l.fd, l.held = fd, true
	l.mutex.Unlock()
	return true, nil
}

func (l *Lock) Release() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if !l.held {
		return unix.ENOLCK
	}
	l.held = false
	return unix.Close(l.fd)
}
