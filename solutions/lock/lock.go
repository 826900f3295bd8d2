// Package lock keeps processes apart that have nothing in common but the path of a file.
package lock

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

// Lock is a lock at a path: the flock(2) of the file there. The file itself means nothing, and stays when the lock is
// released: whoever waits for it has it open, and would go on to lock a file that nobody else finds any more.
//
// flock belongs to the open file, so every acquire opens the file anew. That makes two Locks in one process, and two
// goroutines with one Lock, exclude each other as processes do. os.OpenFile sets close-on-exec: a child that had the
// open file would have the lock. The Lock keeps the file, not its number: a file that nothing leads to is closed when
// the garbage is collected.
type Lock struct {
	path  string
	mutex sync.Mutex // nobody waits for the lock while holding it
	held  *os.File   // nil while this Lock does not hold
}

// New gives the lock at the path. It opens and creates nothing.
func New(path string) *Lock { return &Lock{path: path} }

// Acquire takes the lock, and creates the file if there is none. While the lock is held it sleeps in flock.
func (l *Lock) Acquire() error { return l.acquire(syscall.LOCK_EX) }

// TryAcquire takes the lock if it is free, and is false at once if it is held.
func (l *Lock) TryAcquire() (bool, error) {
	err := l.acquire(syscall.LOCK_EX | syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// AcquireTimeout tries until it has the lock or d has passed. A thread that sleeps in flock cannot be called back, not
// even by closing the file, so it naps between two tries, longer each time.
func (l *Lock) AcquireTimeout(d time.Duration) (bool, error) {
	deadline := time.Now().Add(d)
	for nap := time.Millisecond; ; nap = min(2*nap, 50*time.Millisecond) {
		acquired, err := l.TryAcquire()
		left := time.Until(deadline)
		if acquired || err != nil || left <= 0 {
			return acquired, err
		}
		time.Sleep(min(nap, left))
	}
}

// Release gives the lock back. Of a Lock that does not hold it is an error, and frees nothing.
func (l *Lock) Release() error {
	l.mutex.Lock()
	file := l.held
	l.held = nil
	l.mutex.Unlock()
	if file == nil {
		return fmt.Errorf("lock: release %s: not held", l.path)
	}
	// Closing alone would do, but for a child that is just between its fork and its exec and has the file open, too.
	return errors.Join(flock(file, syscall.LOCK_UN), file.Close())
}

func (l *Lock) acquire(how int) error {
	file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	if err := flock(file, how); err != nil {
		file.Close()
		return err
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.held = file
	return nil
}

func flock(file *os.File, how int) error {
	for {
		err := syscall.Flock(int(file.Fd()), how)
		if err == nil {
			return nil
		}
		if err != syscall.EINTR {
			return &os.PathError{Op: "flock", Path: file.Name(), Err: err}
		}
	}
}
