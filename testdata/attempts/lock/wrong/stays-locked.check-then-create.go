// The file is the lock, and is looked for before it is made.

package lock

import (
	"errors"
	"os"
	"time"
)

type Lock struct {
	path string
	held bool
}

func New(path string) *Lock { return &Lock{path: path} }

func (l *Lock) Acquire() error {
	for {
		acquired, err := l.TryAcquire()
		if acquired || err != nil {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (l *Lock) TryAcquire() (bool, error) {
	if _, err := os.Stat(l.path); err == nil {
		return false, nil
	}
	file, err := os.Create(l.path)
	if err != nil {
		return false, err
	}
	l.held = true
	return true, file.Close()
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

func (l *Lock) Release() error {
	if !l.held {
		return errors.New("lock: not held")
	}
	l.held = false
	return os.Remove(l.path)
}
