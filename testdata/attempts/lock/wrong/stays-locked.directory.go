// A directory beside the path is the lock.

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
	err := os.Mkdir(l.path+".d", 0o755)
	if errors.Is(err, os.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	l.held = true
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

func (l *Lock) Release() error {
	if !l.held {
		return errors.New("lock: not held")
	}
	l.held = false
	return os.Remove(l.path + ".d")
}
