// The goroutines of a process queue up for a channel, and its first one for the file.

package lock

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var turns sync.Map // chan bool, by path

type Lock struct {
	path string
	turn chan bool
	file atomic.Pointer[os.File]
}

func New(path string) *Lock {
	turn, _ := turns.LoadOrStore(path, make(chan bool, 1))
	return &Lock{path: path, turn: turn.(chan bool)}
}

func (l *Lock) Acquire() error {
	l.turn <- true
	_, err := l.take(syscall.LOCK_EX)
	return err
}

func (l *Lock) TryAcquire() (bool, error) { return l.AcquireTimeout(0) }

func (l *Lock) AcquireTimeout(d time.Duration) (bool, error) {
	passed := time.NewTimer(d)
	defer passed.Stop()
	select {
	case l.turn <- true:
	default:
		select {
		case l.turn <- true:
		case <-passed.C:
			return false, nil
		}
	}
	naps := time.NewTicker(10 * time.Millisecond)
	defer naps.Stop()
	for {
		acquired, err := l.take(syscall.LOCK_EX | syscall.LOCK_NB)
		if acquired || err != nil {
			return acquired, err
		}
		select {
		case <-passed.C:
			return false, nil
		default:
		}
		l.turn <- true
		select {
		case <-passed.C:
			<-l.turn
			return false, nil
		case <-naps.C:
		}
	}
}

// take is called by whoever has the turn; the turn stays with the holder alone.
func (l *Lock) take(how int) (bool, error) {
	file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o644)
	if err == nil {
		if err = syscall.Flock(int(file.Fd()), how); err == nil {
			l.file.Store(file)
			return true, nil
		}
		file.Close()
	}
	<-l.turn
	if err == syscall.EWOULDBLOCK {
		return false, nil
	}
	return false, err
}

func (l *Lock) Release() error {
	file := l.file.Swap(nil)
	if file == nil {
		return errors.New("lock: not held")
	}
	err := file.Close()
	<-l.turn
	return err
}
