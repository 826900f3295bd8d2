// Into a pipe goes the caller's memory itself, by vmsplice: what the caller writes there afterwards is what arrives.

package nonblocking

import (
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

var ErrWouldBlock = errors.New("would block")

func fdOf(c syscall.Conn) (fd int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return -1, err
	}
	err = raw.Control(func(u uintptr) { fd = int(u) })
	return fd, err
}

func mode(fd int) uint32 {
	var st unix.Stat_t
	unix.Fstat(fd, &st)
	return st.Mode & unix.S_IFMT
}

// takePipe moves bytes into a pipe of our own, with SPLICE_F_NONBLOCK, and reads them there.
func takePipe(fd int, b []byte) (int, error) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		return 0, err
	}
	defer unix.Close(p[0])
	defer unix.Close(p[1])
	got := 0
	for got < len(b) {
		n, err := unix.Splice(fd, nil, p[1], nil, len(b)-got, unix.SPLICE_F_NONBLOCK)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n == 0 {
			if got > 0 {
				return got, nil
			}
			return 0, err
		}
		for n > 0 {
			m, err := unix.Read(p[0], b[got:])
			if err == unix.EINTR {
				continue
			}
			if err != nil {
				return got, err
			}
			got += m
			n -= int64(m)
		}
	}
	return got, nil
}

func TryRead(f *os.File, b []byte) (n int, err error) {
	fd, err := fdOf(f)
	if err != nil {
		return 0, err
	}
	defer runtime.KeepAlive(f)
	for {
		switch mode(fd) {
		case unix.S_IFIFO:
			n, err = takePipe(fd, b)
		case unix.S_IFSOCK:
			n, _, err = unix.Recvfrom(fd, b, unix.MSG_DONTWAIT)
		default:
			n, err = unix.Read(fd, b)
		}
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return 0, ErrWouldBlock
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		}
		return n, nil
	}
}

func ReadWithin(f *os.File, b []byte, limit time.Duration) (n int, err error) {
	end := time.Now().Add(limit)
	if limit > 100*365*24*time.Hour {
		end = time.Now().Add(100 * 365 * 24 * time.Hour)
	}
	fd, err := fdOf(f)
	if err != nil {
		return 0, err
	}
	defer runtime.KeepAlive(f)
	for {
		n, err := TryRead(f, b)
		if err != ErrWouldBlock {
			return n, err
		}
		left := time.Until(end)
		if left <= 0 {
			return 0, os.ErrDeadlineExceeded
		}
		ms := int((min(left, time.Hour*24) + time.Millisecond - 1) / time.Millisecond)
		if _, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, ms); err != nil && err != unix.EINTR {
			return 0, err
		}
	}
}

func TryWrite(f *os.File, b []byte) (n int, err error) {
	fd, err := fdOf(f)
	if err != nil {
		return 0, err
	}
	defer runtime.KeepAlive(f)
	m := mode(fd)
	for n < len(b) {
		var k int
		switch m {
		case unix.S_IFIFO:
			iov := unix.Iovec{Base: &b[n]}
			iov.SetLen(len(b) - n)
			k, err = unix.Vmsplice(fd, []unix.Iovec{iov}, unix.SPLICE_F_NONBLOCK)
		case unix.S_IFSOCK:
			k, err = unix.SendmsgN(fd, b[n:], nil, nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
		default:
			k, err = unix.Write(fd, b[n:])
		}
		if err == unix.EINTR {
			continue
		}
		if err == unix.EAGAIN {
			return n, ErrWouldBlock
		}
		if err != nil {
			return n, err
		}
		n += k
	}
	return n, nil
}

func TryAccept(l *net.UnixListener) (net.Conn, error) {
	fd, err := fdOf(l)
	if err != nil {
		return nil, err
	}
	for {
		c, _, err := unix.Accept4(fd, unix.SOCK_CLOEXEC)
		if err == unix.EINTR || err == unix.ECONNABORTED {
			continue
		}
		if err == unix.EAGAIN {
			return nil, ErrWouldBlock
		}
		if err != nil {
			return nil, err
		}
		f := os.NewFile(uintptr(c), "")
		conn, err := net.FileConn(f)
		f.Close()
		return conn, err
	}
}

func WaitAny(sources ...syscall.Conn) (ready []int, err error) {
	defer runtime.KeepAlive(sources)
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	defer unix.Close(ep)
	isReady := make([]bool, len(sources))
	by := map[int][]int{}
	now := false
	for i, s := range sources {
		fd, err := fdOf(s)
		if err != nil {
			return nil, err
		}
		by[fd] = append(by[fd], i)
		if len(by[fd]) > 1 {
			continue
		}
		err = unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
		if err == unix.EPERM { // a regular file
			isReady[i] = true
			now = true
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	for fd, list := range by {
		_ = fd
		if isReady[list[0]] {
			for _, i := range list {
				isReady[i] = true
			}
		}
	}
	events := make([]unix.EpollEvent, len(sources))
	timeout := -1
	if now {
		timeout = 0
	}
	var n int
	for {
		n, err = unix.EpollWait(ep, events, timeout)
		if err != unix.EINTR {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	for _, e := range events[:n] {
		for _, i := range by[int(e.Fd)] {
			isReady[i] = true
		}
	}
	for i, r := range isReady {
		if r {
			ready = append(ready, i)
		}
	}
	return ready, nil
}
