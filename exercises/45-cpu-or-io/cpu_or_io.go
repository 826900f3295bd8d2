// Package cpuorio runs the same work serially, in threads and in processes, measures what each costs, and chooses.
package cpuorio

import (
	"errors"
	"time"
)

// Way is how several pieces of work are run.
type Way int

const (
	Serial    Way = iota // one after the other, in this process
	Threads              // all at once, each in a thread of its own of this process
	Processes            // all at once, each in a child process of its own
)

// Piece is a piece of work that can be done here or in a child.
type Piece struct {
	Do   func()   // does it, in the thread that calls
	Args []string // this same program, run with these arguments, does it and exits with 0
}

// Cost is what it took to run some pieces.
type Cost struct {
	Wall time.Duration // from before the first began until all had ended
	CPU  time.Duration // that the kernel gave to the pieces together, in user mode and in the kernel
}

// Run runs one or more pieces in this way and returns when the last of them has ended, with what they cost. Meanwhile
// it sleeps, but for a piece that it does itself. It may be called by several goroutines at once.
//
// In Serial and Threads it calls every Do once, on a goroutine that has its thread to itself, so that the thread's CPU
// time is the piece's: Serial one after the other in their order, Threads all at once. No process is started. In
// Processes it starts a child for each, all at once, and calls no Do; input and output of the children are yours to
// choose, but however much one writes, it comes to its end; a child that is stopped has not ended. The pieces may use
// every CPU that the program may use, and GOMAXPROCS stays as it is.
//
// Cost.CPU is the pieces' own, to the millisecond: not what these threads had used before, nor what other threads and
// children of the program use meanwhile. That of a child is its whole CPU time. Run waits for no other child, and not for
// what a piece has started and left behind.
//
// A child that cannot be started, exits with another status than 0 or is ended by a signal makes an error; the others
// come to their own end all the same, and are waited for. So does a child whose cost the kernel keeps for itself: as
// long as SIGCHLD is ignored, it says nothing about how a child ended or what it used. No zombie is left.
func Run(way Way, pieces ...Piece) (Cost, error) { return Cost{}, errors.New("not written yet") }

// Creation measures what it costs to create a thread or a process and to wait for its end: it runs a piece that does
// nothing n times in this way, one after the other, n being 1 or more, and returns the mean. In Serial that is the cost
// of a call. An error of Run is its error, too.
func Creation(way Way, n int, nothing Piece) (Cost, error) {
	return Cost{}, errors.New("not written yet")
}

// IOBound reports whether work that cost this, done serially, mostly waited: whether it used a CPU for less than half of
// the time.
func (c Cost) IOBound() bool { return false }

// Choose returns the way that took the shortest time by the clock; of equally short ones the one that used the least
// CPU; if that is equal too, the first of Serial, Threads and Processes.
func Choose(serial, threads, processes Cost) Way { return Serial }
