// A mutex of the package: every process has its own.

package lock

import (
	"errors"
	"sync"
	"time"
)

var mutexes sync.Map

type Lock struct {
	mutex *sync.Mutex
	held  bool
}

func New(path string) *Lock {
	mutex, _ := mutexes.LoadOrStore(path, new(sync.Mutex))
	return &Lock{mutex: mutex.(*sync.Mutex)}
}

func (l *Lock) Acquire() error {
	l.mutex.Lock()
	l.held = true
	return nil
}

func (l *Lock) TryAcquire() (bool, error) {
	acquired := l.mutex.TryLock()
	l.held = l.held || acquired
	return acquired, nil
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
	l.mutex.Unlock()
	return nil
}
