// ReadWithin is left to the deadline of the file, which a regular one does not take.

package nonblocking

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

var ErrWouldBlock = errors.New("would block")

// with calls f with the descriptor, whose mode stays as it is.
func with(c syscall.Conn, f func(fd int) error) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var ferr error
	if err := raw.Control(func(fd uintptr) { ferr = f(int(fd)) }); err != nil {
		return err
	}
	return ferr
}

func again(f func() (int, error)) (int, error) {
	for {
		n, err := f()
		if err != unix.EINTR {
			return n, err
		}
	}
}

// nonblock gives a descriptor that does not block and leads to the same pipe: a description of its own.
func nonblock(fd, how int) (int, error) {
	return again(func() (int, error) {
		return unix.Open(fmt.Sprintf("/proc/self/fd/%d", fd), how|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	})
}

func kind(fd int) (uint32, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, err
	}
	return st.Mode & unix.S_IFMT, nil
}

func TryRead(f *os.File, b []byte) (n int, err error) {
	err = with(f, func(fd int) error {
		k, err := kind(fd)
		if err != nil {
			return err
		}
		switch k {
		case unix.S_IFSOCK:
			n, err = again(func() (int, error) {
				n, _, err := unix.Recvfrom(fd, b, unix.MSG_DONTWAIT)
				return n, err
			})
		case unix.S_IFIFO:
			fd2, err2 := nonblock(fd, unix.O_RDONLY)
			if err2 != nil {
				return err2
			}
			defer unix.Close(fd2)
			n, err = again(func() (int, error) { return unix.Read(fd2, b) })
		default:
			n, err = again(func() (int, error) { return unix.Read(fd, b) })
		}
		if err == unix.EAGAIN {
			n = 0
			return ErrWouldBlock
		}
		if err != nil {
			n = 0
			return err
		}
		if n == 0 {
			return io.EOF
		}
		return nil
	})
	return n, err
}

func ReadWithin(f *os.File, b []byte, limit time.Duration) (n int, err error) {
	if err := f.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return 0, err
	}
	defer f.SetReadDeadline(time.Time{})
	return f.Read(b)
}

func TryWrite(f *os.File, b []byte) (n int, err error) {
	err = with(f, func(fd int) error {
		k, err := kind(fd)
		if err != nil {
			return err
		}
		write := func(b []byte) (int, error) { return unix.Write(fd, b) }
		switch k {
		case unix.S_IFSOCK:
			write = func(b []byte) (int, error) {
				return unix.SendmsgN(fd, b, nil, nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
			}
		case unix.S_IFIFO:
			fd2, err := nonblock(fd, unix.O_WRONLY)
			if err != nil {
				return err
			}
			defer unix.Close(fd2)
			write = func(b []byte) (int, error) { return unix.Write(fd2, b) }
		}
		for n < len(b) {
			m, err := again(func() (int, error) { return write(b[n:]) })
			if err == unix.EAGAIN {
				return ErrWouldBlock
			}
			if err != nil {
				return err
			}
			n += m
		}
		return nil
	})
	return n, err
}

func TryAccept(l *net.UnixListener) (net.Conn, error) {
	var conn net.Conn
	err := with(l, func(fd int) error {
		c, err := again(func() (int, error) {
			fd, _, err := unix.Accept4(fd, unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK)
			return fd, err
		})
		if err == unix.EAGAIN {
			return ErrWouldBlock
		}
		if err != nil {
			return err
		}
		file := os.NewFile(uintptr(c), "accepted")
		defer file.Close()
		conn, err = net.FileConn(file)
		return err
	})
	return conn, err
}

func WaitAny(sources ...syscall.Conn) (ready []int, err error) {
	defer runtime.KeepAlive(sources)
	fds := make([]unix.PollFd, len(sources))
	for i, s := range sources {
		err := with(s, func(fd int) error {
			fds[i] = unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if _, err := again(func() (int, error) { return unix.Poll(fds, -1) }); err != nil {
		return nil, err
	}
	for i, f := range fds {
		if f.Revents != 0 {
			ready = append(ready, i)
		}
	}
	return ready, nil
}
