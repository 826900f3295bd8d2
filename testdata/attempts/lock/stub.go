// Package lock keeps processes apart that have nothing in common but the path of a file.
package lock

import (
	"errors"
	"time"
)

// Lock is a lock at a path. At most one Lock of that path holds it, whatever process it belongs to; two Locks in one
// process exclude each other as well.
//
// The lock is free again when its holder has released it or has ended, however it ended. Its holder's children neither
// keep it nor can they free it, and the holder may open, read and close the file meanwhile, or collect its garbage.
// That the file is there, and what is in it, means nothing: it may be left from an earlier run. A Lock that neither
// holds nor waits has no file open.
//
// The methods may be called by several goroutines at once: while some wait, TryAcquire and Release do not wait for
// them. A Lock that holds does not get the lock a second time: for it, too, the lock is held. Locks at different paths
// have nothing to do with each other.
type Lock struct{}

// New gives the lock at the path. It opens and creates nothing.
func New(path string) *Lock { return &Lock{} }

// Acquire takes the lock, and creates the file if there is none. While the lock is held it waits, without a limit;
// meanwhile the caller sleeps in the kernel. Where no file can be opened or made, it is an error at once.
func (l *Lock) Acquire() error { return errors.New("not written yet") }

// TryAcquire takes the lock if it is free, as Acquire does. If it is held, the answer is false, at once, and no error.
func (l *Lock) TryAcquire() (bool, error) { return false, errors.New("not written yet") }

// AcquireTimeout takes the lock as Acquire does, but waits at most for d: true as soon as it has the lock, false when d
// has passed, and not before. With a d of 0 or less it is TryAcquire; d may also be the longest Duration there is. It
// need not sleep all the time, naps of a few milliseconds will do. After a false nothing is left of the call: no thread
// that waits for the lock, no open file, and nobody who takes the lock later.
func (l *Lock) AcquireTimeout(d time.Duration) (bool, error) {
	return false, errors.New("not written yet")
}

// Release gives the lock back, and works while other goroutines wait for this same Lock. The file may stay. Of a Lock
// that does not hold it is an error, and frees nothing, neither in another process nor in this one: not before the
// first acquire, not after one that answered false, not a second time.
func (l *Lock) Release() error { return errors.New("not written yet") }
