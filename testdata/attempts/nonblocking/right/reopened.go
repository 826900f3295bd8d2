// A pipe is opened anew, in non-blocking mode, through /proc for each call; a socket says MSG_DONTWAIT; epoll waits.

package nonblocking

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sort"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

var ErrWouldBlock = errors.New("would block")

func with(s syscall.Conn, f func(fd int) error) error {
	raw, err := s.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

func again(f func() (int, error)) (int, error) {
	for {
		n, err := f()
		if err == unix.EINTR {
			continue
		}
		if err == unix.EAGAIN {
			return 0, ErrWouldBlock
		}
		if n < 0 {
			n = 0
		}
		return n, err
	}
}

func kind(fd int) (uint32, error) {
	var st unix.Stat_t
	err := unix.Fstat(fd, &st)
	return st.Mode & unix.S_IFMT, err
}

func reopen(fd, flags int) (int, error) {
	for {
		n, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", fd), flags|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err != unix.EINTR {
			return n, err
		}
	}
}

func tryRead(fd int, b []byte) (n int, err error) {
	k, err := kind(fd)
	if err != nil {
		return 0, err
	}
	switch k {
	case unix.S_IFSOCK:
		n, err = again(func() (int, error) {
			n, _, err := unix.Recvfrom(fd, b, unix.MSG_DONTWAIT)
			return n, err
		})
	case unix.S_IFIFO:
		var mine int
		if mine, err = reopen(fd, unix.O_RDONLY); err != nil {
			return 0, err
		}
		defer unix.Close(mine)
		n, err = again(func() (int, error) { return unix.Read(mine, b) })
	default:
		n, err = again(func() (int, error) { return unix.Read(fd, b) })
	}
	if err == nil && n == 0 {
		err = io.EOF
	}
	return n, err
}

func TryRead(f *os.File, b []byte) (n int, err error) {
	err = with(f, func(fd int) (err error) { n, err = tryRead(fd, b); return err })
	return n, err
}

func TryWrite(f *os.File, b []byte) (n int, err error) {
	err = with(f, func(fd int) error {
		k, err := kind(fd)
		if err != nil {
			return err
		}
		to := fd
		if k == unix.S_IFIFO {
			if to, err = reopen(fd, unix.O_WRONLY); err != nil {
				return err
			}
			defer unix.Close(to)
		}
		for n < len(b) {
			m, err := again(func() (int, error) {
				if k == unix.S_IFSOCK {
					return unix.SendmsgN(fd, b[n:], nil, nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
				}
				return unix.Write(to, b[n:])
			})
			n += m
			if err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func TryAccept(l *net.UnixListener) (c net.Conn, err error) {
	err = with(l, func(fd int) error {
		got, err := again(func() (int, error) {
			n, _, err := unix.Accept4(fd, unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK)
			return n, err
		})
		if err != nil {
			return err
		}
		f := os.NewFile(uintptr(got), "connection")
		defer f.Close()
		c, err = net.FileConn(f)
		return err
	})
	return c, err
}

// wait sleeps until one of the descriptors is ready, or the limit is over; a limit below 0 is none.
func wait(limit time.Duration, fds ...int) (ready []int, err error) {
	start := time.Now()
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	defer unix.Close(ep)
	who := map[int][]int{}
	for i, fd := range fds {
		if who[fd] == nil {
			err := unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
			if err == unix.EPERM {
				ready = append(ready, i)
				continue
			}
			if err != nil {
				return nil, err
			}
		}
		who[fd] = append(who[fd], i)
	}
	events := make([]unix.EpollEvent, len(fds))
	for {
		ms := -1
		if limit >= 0 {
			left := limit - time.Since(start)
			switch {
			case left <= 0:
				ms = 0
			case left > time.Hour:
				ms = int(time.Hour / time.Millisecond)
			default:
				ms = int((left + time.Millisecond - 1) / time.Millisecond)
			}
		}
		if len(ready) > 0 {
			ms = 0
		}
		n, err := unix.EpollWait(ep, events, ms)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range events[:n] {
			ready = append(ready, who[int(e.Fd)]...)
		}
		if len(ready) > 0 || limit >= 0 && time.Since(start) >= limit {
			sort.Ints(ready)
			return ready, nil
		}
	}
}

func ReadWithin(f *os.File, b []byte, limit time.Duration) (n int, err error) {
	start := time.Now()
	limit = max(limit, 0)
	for {
		left := max(limit-time.Since(start), 0)
		err = with(f, func(fd int) error {
			if _, err := wait(left, fd); err != nil {
				return err
			}
			n, err = tryRead(fd, b)
			return err
		})
		if err != ErrWouldBlock {
			return n, err
		}
		if time.Since(start) >= limit {
			return 0, os.ErrDeadlineExceeded
		}
	}
}

func WaitAny(sources ...syscall.Conn) (ready []int, err error) {
	var fds []int
	var hold func(i int) error
	hold = func(i int) error {
		if i == len(sources) {
			ready, err = wait(-1, fds...)
			return err
		}
		return with(sources[i], func(fd int) error { fds = append(fds, fd); return hold(i + 1) })
	}
	err = hold(0)
	return ready, err
}
