// Package states tells what a process is doing, stops and continues it, and waits for such changes.
package states

import "errors"

// State is what a process is doing, by its letter in proc_pid_stat(5).
type State byte

const (
	Running         State = 'R' // on a CPU, or ready for one
	Sleeping        State = 'S' // blocked until something happens; a signal wakes it
	Uninterruptible State = 'D' // blocked in the kernel; a signal, SIGSTOP too, has to wait until that is over
	Stopped         State = 'T' // by SIGSTOP or the like, until SIGCONT
	Zombie          State = 'Z' // has ended, and nobody has waited for it
)

// Alive reports whether a process in this state may still do something: in all of them but Zombie.
func (s State) Alive() bool { return false }

// Of tells the process's state as it is now, whatever signals it was sent and whatever it is called.
//
// It is that of its threads together; those that have ended do not count, even if the main thread is one of them. The
// process is Running when any thread is; else Uninterruptible when any thread is; else Sleeping when any thread is; it
// is Stopped when all are, be it by a tracer (t), and a Zombie when all have ended. Threads may begin and end meanwhile.
// That there is no such process is an error; nobody has a PID below 1.
func Of(pid int) (State, error) { return 0, errors.New("not written yet") }

// Stop sends SIGSTOP to this process alone, and waits for nothing. It may go on for a moment, or for as long as it is
// Uninterruptible. No such process, a PID below 1 or one of more than 31 bits is an error, and nobody is stopped.
func Stop(pid int) error { return errors.New("not written yet") }

// Continue sends SIGCONT to this process alone, and waits for nothing. It has the same errors as Stop.
func Continue(pid int) error { return errors.New("not written yet") }

// Change is what has happened to a child.
type Change string

const (
	HasStopped   Change = "stopped"
	HasContinued Change = "continued"
	HasEnded     Change = "ended"
)

// Wait returns when this child has stopped, continued or ended, and tells which. Meanwhile the caller sleeps in the
// kernel; when a signal interrupts it, it sleeps on. What happened before the call counts, too: of several changes that
// nobody was told of, the last one.
//
// To have stopped or continued is told once, to one of those who wait for this child. To have ended is told whenever it
// is asked, to all: the child stays a zombie, with its exit status for whoever waits for that. Other children are left
// alone. A process that is no child of the caller's, or no longer, or a PID below 1, is an error, at once.
func Wait(pid int) (Change, error) { return "", errors.New("not written yet") }

// Switches counts how often the process's threads have left a CPU so far: voluntarily, to wait for something, and
// involuntarily, because another one had its turn. Whether threads that have ended count is up to you. No such process,
// or a PID below 1, is an error.
func Switches(pid int) (voluntary, involuntary uint64, err error) {
	return 0, 0, errors.New("not written yet")
}
