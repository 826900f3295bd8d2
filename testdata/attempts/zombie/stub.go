// Package zombie makes zombies, lists them and clears them.
package zombie

import "errors"

// Zombie is a child of this process that has ended, and that nobody has waited for.
type Zombie struct {
	PID  int
	Code int // 0 to 255: it has exited with this status; -N: signal N has killed it
}

// Make starts a child, this same program with exactly these arguments, and returns its PID when it is a zombie: when
// the child has ended, and not before, and without waiting for it in the sense of wait(2), so that the zombie stays.
//
// Meanwhile the caller sleeps in the kernel, for as long as it takes; when a signal interrupts it, it goes on waiting.
// A child that is stopped has not ended; what it leaves running is no reason to stay. How it ended is no error. When no
// child could be started, the error says why: at a limit on processes, errors.Is finds syscall.EAGAIN in it. Several goroutines
// may be in Make at once, and do not hold each other up.
func Make(args ...string) (pid int, err error) { return 0, errors.New("not written yet") }

// List gives all zombies of this process, in any order, and leaves them as they are: the next call gives the same.
//
// It does not matter who has started them, on which thread, in which process group they are, how many there are, and
// what they call themselves. Children that run or are stopped are none, and neither is a child whose main thread alone
// has ended. The zombies of other processes, those of its own children among them, are not this one's. To have no
// zombie, or no child at all, is no error. List never sleeps, not even while a goroutine is in Make, leaves nothing
// open, and starts no process.
func List() ([]Zombie, error) { return nil, errors.New("not written yet") }

// Clear waits for all zombies of this process, and gives what List would have given: they are gone then. Children
// that have not ended are left alone: it neither waits for them nor signals them, and they become zombies at their
// end. To have nothing to clear is no error. Clear never sleeps, not even while a goroutine is in Make, leaves nothing
// open, and starts no process.
func Clear() ([]Zombie, error) { return nil, errors.New("not written yet") }
