// Opens pipes once more with package os, whose poller waits for them, and asks epoll for several.

package nonblocking

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
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
	n, err = TryRead(f, b)
	if !errors.Is(err, ErrWouldBlock) {
		return n, err
	}
	if limit <= 0 {
		return 0, os.ErrDeadlineExceeded
	}
	fd, err := descriptor(f)
	if err != nil {
		return 0, err
	}
	deadline := time.Now().Add(limit)
	if kind, _ := kindOf(fd); kind == unix.S_IFSOCK { // cannot be opened once more
		for {
			n, err := TryRead(f, b)
			if !errors.Is(err, ErrWouldBlock) {
				return n, err
			}
			left := time.Until(deadline)
			if left <= 0 {
				return 0, os.ErrDeadlineExceeded
			}
			wait := int(min(left.Milliseconds()+1, 1<<30))
			if _, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, wait); err != nil && err != unix.EINTR {
				return 0, err
			}
		}
	}
	own, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", fd), os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return 0, err
	}
	defer own.Close()
	if err := own.SetReadDeadline(deadline); err != nil {
		return 0, err
	}
	return own.Read(b)
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
	set, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	defer unix.Close(set)
	given := map[int][]int{} // the numbers under which a descriptor was given
	for i, source := range sources {
		fd, err := descriptor(source)
		if err != nil {
			return nil, err
		}
		given[fd] = append(given[fd], i)
		event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}
		switch err := unix.EpollCtl(set, unix.EPOLL_CTL_ADD, fd, &event); {
		case err == unix.EPERM: // a regular file
			ready = append(ready, i)
		case err == unix.EEXIST: // it was given before
		case err != nil:
			return nil, err
		}
	}
	wait := -1
	if len(ready) > 0 {
		wait = 0
	}
	events := make([]unix.EpollEvent, len(sources))
	for {
		n, err := unix.EpollWait(set, events, wait)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range events[:n] {
			ready = append(ready, given[int(e.Fd)]...)
		}
		slices.Sort(ready)
		return ready, nil
	}
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
