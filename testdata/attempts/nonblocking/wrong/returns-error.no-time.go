// Without time to wait, nothing is read, and that is told as if all was well: 0 and nil.

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

var ErrWouldBlock = errors.New("would block")

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

func ReadWithin(f *os.File, b []byte, limit time.Duration) (n int, err error) {
	fd, err := descriptor(f)
	if err != nil {
		return 0, err
	}
	n, err = TryRead(f, b)
	if !errors.Is(err, ErrWouldBlock) {
		return n, err
	}
	if limit <= 0 {
		return 0, nil
	}
	var waker [2]int
	if err := unix.Pipe2(waker[:], unix.O_CLOEXEC); err != nil {
		return 0, err
	}
	defer unix.Close(waker[0])
	type outcome struct {
		n   int
		err error
	}
	done := make(chan outcome)
	go func() {
		for {
			both := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(waker[0]), Events: unix.POLLIN}}
			if _, err := unix.Poll(both, -1); err == unix.EINTR {
				continue
			}
			n, err := TryRead(f, b)
			if !errors.Is(err, ErrWouldBlock) {
				done <- outcome{n, err}
				return
			}
			if both[1].Revents != 0 {
				done <- outcome{0, os.ErrDeadlineExceeded}
				return
			}
		}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case o := <-done:
		unix.Close(waker[1])
		return o.n, o.err
	case <-timer.C:
		unix.Close(waker[1])
		o := <-done
		return o.n, o.err
	}
}

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

func descriptor(source syscall.Conn) (fd int, err error) {
	conn, err := source.SyscallConn()
	if err != nil {
		return -1, err
	}
	err = conn.Control(func(d uintptr) { fd = int(d) })
	return fd, err
}

func kindOf(fd int) (kind uint32, err error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, fmt.Errorf("fstat: %w", err)
	}
	return st.Mode & unix.S_IFMT, nil
}

func reopen(fd, access int) (own int, err error) {
	path := fmt.Sprintf("/proc/self/fd/%d", fd)
	if own, err = unix.Open(path, access|unix.O_NONBLOCK|unix.O_CLOEXEC, 0); err != nil {
		return -1, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return own, nil
}

func result(n int, err error) (int, error) {
	switch {
	case err == unix.EAGAIN:
		return 0, ErrWouldBlock
	case err != nil:
		return 0, err
	}
	return n, nil
}
