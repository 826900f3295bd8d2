// POSIX locks on a file beside the path, and a token for the process. The kernel takes all threads of a process for one
// that waits, and says EDEADLK where nobody is in a deadlock.

package lock

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

var turns sync.Map // chan bool, by path

type Lock struct {
	path  string
	turn  chan bool
	mutex sync.Mutex
	file  *os.File
}

func New(path string) *Lock {
	turn, _ := turns.LoadOrStore(path, make(chan bool, 1))
	return &Lock{path: path + ".lock", turn: turn.(chan bool)}
}

func (l *Lock) Acquire() error {
	l.turn <- true
	_, err := l.take(syscall.F_SETLKW)
	return err
}

func (l *Lock) TryAcquire() (bool, error) {
	select {
	case l.turn <- true:
		return l.take(syscall.F_SETLK)
	default:
		return false, nil
	}
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

// take is called by whoever has the turn; the turn stays with the holder alone.
func (l *Lock) take(how int) (bool, error) {
	file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		<-l.turn
		return false, err
	}
	err = syscall.FcntlFlock(file.Fd(), how, &syscall.Flock_t{Type: syscall.F_WRLCK})
	if err == nil {
		l.mutex.Lock()
		l.file = file
		l.mutex.Unlock()
		return true, nil
	}
	file.Close()
	<-l.turn
	if err == syscall.EAGAIN || err == syscall.EACCES {
		return false, nil
	}
	return false, err
}

func (l *Lock) Release() error {
	l.mutex.Lock()
	file := l.file
	l.file = nil
	l.mutex.Unlock()
	if file == nil {
		return errors.New("lock: not held")
	}
	err := file.Close()
	<-l.turn
	return err
}
