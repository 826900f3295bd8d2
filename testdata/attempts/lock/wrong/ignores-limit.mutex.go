// A mutex for each path keeps the goroutines apart, and whoever has a limit waits for that mutex without one.

package lock

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

type Lock struct {
	path string
	turn *sync.Mutex
	mu   sync.Mutex
	f    *os.File
}

var turns sync.Map

func New(path string) *Lock {
	t, _ := turns.LoadOrStore(path, new(sync.Mutex))
	return &Lock{path: path, turn: t.(*sync.Mutex)}
}

func (l *Lock) take(how int) (bool, error) {
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		l.turn.Unlock()
		return false, err
	}
	err = syscall.Flock(int(f.Fd()), how)
	if err != nil {
		f.Close()
		l.turn.Unlock()
		if err == syscall.EWOULDBLOCK {
			return false, nil
		}
		return false, err
	}
	l.mu.Lock()
	l.f = f
	l.mu.Unlock()
	return true, nil
}
func (l *Lock) Acquire() error {
	l.turn.Lock()
	_, err := l.take(syscall.LOCK_EX)
	return err
}
func (l *Lock) TryAcquire() (bool, error) {
	if !l.turn.TryLock() {
		return false, nil
	}
	return l.take(syscall.LOCK_EX | syscall.LOCK_NB)
}
func (l *Lock) AcquireTimeout(d time.Duration) (bool, error) {
	if d <= 0 {
		return l.TryAcquire()
	}
	start := time.Now()
	for {
		l.turn.Lock()
		ok, err := l.take(syscall.LOCK_EX | syscall.LOCK_NB)
		if ok || err != nil {
			return ok, err
		}
		rest := d - time.Since(start)
		if rest <= 0 {
			return false, nil
		}
		time.Sleep(min(rest, 3*time.Millisecond))
	}
}
func (l *Lock) Release() error {
	l.mu.Lock()
	f := l.f
	l.f = nil
	l.mu.Unlock()
	if f == nil {
		return errors.New("not held")
	}
	err := f.Close()
	l.turn.Unlock()
	return err
}
