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
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// ErrWouldBlock is the error of a call that could only go on by waiting.
var ErrWouldBlock = errors.New("would block")

// TryRead reads what is there, at least a byte and at most len(b) bytes, which is not 0; the rest stays. When nothing is
// there, it returns 0 and ErrWouldBlock; at the end, which a pipe or socket has when all its writers have gone, 0 and io.EOF.
//
// It never puts the calling thread to sleep, not even when another process takes the same bytes away at that moment. A
// regular file is read from its offset, never would block, and has its end where it ends.
func TryRead(f *os.File, b []byte) (n int, err error) {
	fd, err := descriptor(f)
	if err != nil {
		return 0, err
	}
	kind, err := kindOf(fd)
	if err != nil {
		return 0, err
	}
	switch kind {
	case unix.S_IFSOCK:
		n, _, err = unix.Recvfrom(fd, b, unix.MSG_DONTWAIT)
	case unix.S_IFIFO:
		own, failed := reopen(fd, unix.O_RDONLY)
		if failed != nil {
			return 0, failed
		}
		defer unix.Close(own)
		n, err = unix.Read(own, b)
	default:
		n, err = unix.Read(fd, b)
	}
	if n == 0 && err == nil {
		return 0, io.EOF
	}
	return result(n, err)
}

// ReadWithin reads like TryRead, but sleeps until something is there or the end has come, at most for the limit. Then it
// returns 0 and os.ErrDeadlineExceeded, not before the limit is over. What comes later is there for the next one who
// reads. A limit of 0 or less is over at once, and what is there is read all the same; the longest Duration is one, too.
//
// A signal that interrupts the sleep ends nothing; nor does another process that takes the bytes away: that is waited on,
// for what is left of the limit.
func ReadWithin(f *os.File, b []byte, limit time.Duration) (n int, err error) {
	fd, err := descriptor(f)
	if err != nil {
		return 0, err
	}
	for began := time.Now(); ; {
		n, err := TryRead(f, b)
		if !errors.Is(err, ErrWouldBlock) {
			return n, err
		}
		left := limit - time.Since(began)
		if left <= 0 {
			return 0, os.ErrDeadlineExceeded
		}
		wait := unix.NsecToTimespec(left.Nanoseconds())
		_, err = unix.Ppoll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, &wait, nil)
		if err != nil && err != unix.EINTR {
			return 0, fmt.Errorf("ppoll: %w", err)
		}
	}
}

// TryWrite writes as much of b as fits now, and returns how much that was: nil when it was all, ErrWouldBlock when it was
// less, perhaps nothing. When nobody can read it any more, that is another error.
//
// It never puts the calling thread to sleep, not even when another process fills the pipe at that moment. A regular file is
// written at its offset, and never would block.
func TryWrite(f *os.File, b []byte) (n int, err error) {
	fd, err := descriptor(f)
	if err != nil {
		return 0, err
	}
	kind, err := kindOf(fd)
	if err != nil {
		return 0, err
	}
	write := func(b []byte) (int, error) { return unix.Write(fd, b) }
	switch kind {
	case unix.S_IFSOCK:
		write = func(b []byte) (int, error) {
			return unix.SendmsgN(fd, b, nil, nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
		}
	case unix.S_IFIFO:
		own, err := reopen(fd, unix.O_WRONLY) // ENXIO: nobody has it open for reading
		if err != nil {
			return 0, err
		}
		defer unix.Close(own)
		write = func(b []byte) (int, error) { return unix.Write(own, b) }
	}
	for n < len(b) { // a partial write says that there was no room, and the next one why
		m, err := result(write(b[n:]))
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// TryAccept accepts a connection that has been made, the oldest first. When there is none it returns ErrWouldBlock. It never
// puts the calling thread to sleep. The listener is in non-blocking mode, as package net has it, and goes on as before: Accept
// waits for the next connection.
func TryAccept(l *net.UnixListener) (net.Conn, error) {
	fd, err := descriptor(l) // in non-blocking mode, as package net has it
	if err != nil {
		return nil, err
	}
	accepted, _, err := unix.Accept4(fd, unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK)
	if _, err := result(0, err); err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(accepted), "connection")
	defer file.Close() // what FileConn makes is a copy
	return net.FileConn(file)
}

// WaitAny sleeps until at least one source is ready: a read or an accept would return at once, with bytes, the end or a
// connection. It returns the numbers of all that are, in ascending order, at once if there are any, and takes nothing from
// them. A regular file is always ready. A signal that interrupts the sleep ends nothing. There is at least one source; there
// may be many, with any descriptors, and one may be given twice.
func WaitAny(sources ...syscall.Conn) (ready []int, err error) {
	var asked []unix.PollFd
	for _, source := range sources {
		fd, err := descriptor(source)
		if err != nil {
			return nil, err
		}
		asked = append(asked, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	for {
		_, err := unix.Poll(asked, -1)
		if err == nil {
			break
		}
		if err != unix.EINTR {
			return nil, fmt.Errorf("poll: %w", err)
		}
	}
	for i, a := range asked {
		if a.Revents != 0 { // POLLHUP, which comes unasked, is the end
			ready = append(ready, i)
		}
	}
	return ready, nil
}

// descriptor is the source's descriptor, in the mode it is in. (os.File.Fd would end the non-blocking mode.)
func descriptor(source syscall.Conn) (fd int, err error) {
	conn, err := source.SyscallConn()
	if err != nil {
		return -1, err
	}
	err = conn.Control(func(d uintptr) { fd = int(d) })
	return fd, err
}

// kindOf tells what the descriptor is: S_IFSOCK, S_IFIFO for a pipe, named or not, S_IFREG, ...
func kindOf(fd int) (kind uint32, err error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, fmt.Errorf("fstat: %w", err)
	}
	return st.Mode & unix.S_IFMT, nil
}

// reopen opens the pipe once more: an open file description of our own, which alone is in non-blocking mode.
func reopen(fd, access int) (own int, err error) {
	path := fmt.Sprintf("/proc/self/fd/%d", fd)
	if own, err = unix.Open(path, access|unix.O_NONBLOCK|unix.O_CLOEXEC, 0); err != nil {
		return -1, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return own, nil
}

// result is what a call that does not wait has done, in the words of this package.
func result(n int, err error) (int, error) {
	switch {
	case err == unix.EAGAIN:
		return 0, ErrWouldBlock
	case err != nil:
		return 0, err
	}
	return n, nil
}
