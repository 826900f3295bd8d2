// Package nonblocking reads, writes and accepts without waiting, with a limit, and from several sources.
//
// A file is a pipe, a named pipe (FIFO), a connected stream socket or a regular file. It is in non-blocking mode
// (O_NONBLOCK) or not; other processes may have it too. The mode belongs to the open file description, which they share: it
// stays as it is, also meanwhile. A named pipe that is read from was opened by a writer before.
//
// Nothing is left behind of a call: no deadline, no descriptor, and nobody who still reads, accepts or waits.
//
// The functions may be called by several goroutines at once, for different files. None of these is closed meanwhile.
package nonblocking

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"
)

// ErrWouldBlock is the error of a call that could only go on by waiting.
var ErrWouldBlock = errors.New("would block")

// TryRead reads what is there, at least a byte and at most len(b) bytes, which is not 0; the rest stays. When nothing is
// there, it returns 0 and ErrWouldBlock; at the end, which a pipe or socket has when all its writers have gone, 0 and io.EOF.
//
// It never puts the calling thread to sleep, not even when another process takes the same bytes away at that moment. A
// regular file is read from its offset, never would block, and has its end where it ends.
func TryRead(f *os.File, b []byte) (n int, err error) { return 0, errors.New("not written yet") }

// ReadWithin reads like TryRead, but sleeps until something is there or the end has come, at most for the limit. Then it
// returns 0 and os.ErrDeadlineExceeded, not before the limit is over. What comes later is there for the next one who
// reads. A limit of 0 or less is over at once, and what is there is read all the same; the longest Duration is one, too.
//
// A signal that interrupts the sleep ends nothing; nor does another process that takes the bytes away: that is waited on,
// for what is left of the limit.
func ReadWithin(f *os.File, b []byte, limit time.Duration) (n int, err error) {
	return 0, errors.New("not written yet")
}

// TryWrite writes as much of b as fits now, and returns how much that was: nil when it was all, ErrWouldBlock when it was
// less, perhaps nothing. When nobody can read it any more, that is another error.
//
// It never puts the calling thread to sleep, not even when another process fills the pipe at that moment. A regular file is
// written at its offset, and never would block.
func TryWrite(f *os.File, b []byte) (n int, err error) { return 0, errors.New("not written yet") }

// TryAccept accepts a connection that has been made, the oldest first. When there is none it returns ErrWouldBlock. It never
// puts the calling thread to sleep. The listener is in non-blocking mode, as package net has it, and goes on as before: Accept
// waits for the next connection.
func TryAccept(l *net.UnixListener) (net.Conn, error) { return nil, errors.New("not written yet") }

// WaitAny sleeps until at least one source is ready: a read or an accept would return at once, with bytes, the end or a
// connection. It returns the numbers of all that are, in ascending order, at once if there are any, and takes nothing from
// them. A regular file is always ready. A signal that interrupts the sleep ends nothing. There is at least one source; there
// may be many, with any descriptors, and one may be given twice.
func WaitAny(sources ...syscall.Conn) (ready []int, err error) {
	return nil, errors.New("not written yet")
}
