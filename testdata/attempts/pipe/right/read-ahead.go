// The child gets its ends through a socket that is its standard input. A goroutine takes in whatever comes, all the time.

package pipe

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

type Conn struct {
	out   int
	items chan item
}

type item struct {
	body []byte
	err  error
}

func full(fd int, b []byte) (int, error) {
	n := 0
	for n < len(b) {
		k, err := unix.Read(fd, b[n:])
		if err == unix.EAGAIN {
			unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
			continue
		}
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return n, err
		}
		if k == 0 {
			return n, io.EOF
		}
		n += k
	}
	return n, nil
}

func fetch(fd int) item {
	length, shift := 0, 0
	for i := 0; ; i++ { // a varint
		var b [1]byte
		if _, err := full(fd, b[:]); err != nil {
			if err == io.EOF && i > 0 {
				err = io.ErrUnexpectedEOF
			}
			return item{nil, err}
		}
		length |= int(b[0]&0x7f) << shift
		shift += 7
		if b[0] < 0x80 {
			break
		}
	}
	body := make([]byte, length)
	if n, err := full(fd, body); err != nil && n < length {
		return item{nil, io.ErrUnexpectedEOF}
	}
	return item{body, nil}
}

func adopt(in, out int) *Conn {
	signal.Ignore(syscall.SIGPIPE)
	c := &Conn{out: out, items: make(chan item)}
	raw := make(chan item)
	go func() { // the reader
		for {
			i := fetch(in)
			raw <- i
			if i.err != nil {
				unix.Close(in)
				close(raw)
				return
			}
		}
	}()
	go func() { // the queue
		var q []item
		from := raw
		for {
			var to chan item
			var first item
			if len(q) > 0 {
				to, first = c.items, q[0]
			}
			select {
			case i, ok := <-from:
				if !ok {
					from = nil
					continue
				}
				q = append(q, i)
			case to <- first:
				if first.err == nil {
					q = q[1:]
				}
			}
		}
	}()
	return c
}

func New(in, out *os.File) *Conn {
	i, _ := unix.FcntlInt(in.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	o, _ := unix.FcntlInt(out.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	in.Close()
	out.Close()
	return adopt(i, o)
}

func Start(args ...string) (*Conn, *os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	var fds []int
	fail := func(err error) (*Conn, *os.Process, error) {
		for _, fd := range fds {
			unix.Close(fd)
		}
		return nil, nil, err
	}
	var down, up [2]int
	if err := unix.Pipe2(down[:], unix.O_CLOEXEC); err != nil {
		return fail(err)
	}
	fds = append(fds, down[:]...)
	if err := unix.Pipe2(up[:], unix.O_CLOEXEC); err != nil {
		return fail(err)
	}
	fds = append(fds, up[:]...)
	s, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fail(err)
	}
	fds = append(fds, s[:]...)
	if err := unix.Sendmsg(s[0], []byte{1}, unix.UnixRights(down[0], up[1]), nil, 0); err != nil {
		return fail(err)
	}
	pid, err := syscall.ForkExec(exe, append([]string{exe}, args...), &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{uintptr(s[1]), 1, 2}})
	if err != nil {
		return fail(err)
	}
	for _, fd := range []int{down[0], up[1], s[0], s[1]} {
		unix.Close(fd)
	}
	p, err := os.FindProcess(pid)
	return adopt(up[0], down[1]), p, err
}

func Parent() (*Conn, error) {
	oob := make([]byte, 128)
	_, n, _, _, err := unix.Recvmsg(0, make([]byte, 1), oob, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return nil, err
	}
	m, err := unix.ParseSocketControlMessage(oob[:n])
	if err != nil || len(m) == 0 {
		return nil, errors.New("no connection")
	}
	fds, err := unix.ParseUnixRights(&m[0])
	if err != nil {
		return nil, err
	}
	null, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		unix.Dup2(null, 0)
		unix.Close(null)
	}
	return adopt(fds[0], fds[1]), nil
}

func (c *Conn) Send(message []byte) error {
	var b []byte
	n := len(message)
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	b = append(append(b, byte(n)), message...)
	for len(b) > 0 {
		n, err := unix.Write(c.out, b[:min(len(b), 1000)])
		if err == unix.EAGAIN {
			unix.Poll([]unix.PollFd{{Fd: int32(c.out), Events: unix.POLLOUT}}, -1)
			continue
		}
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

func (c *Conn) Receive() ([]byte, error) { i := <-c.items; return i.body, i.err }

func (c *Conn) Close() error { return unix.Close(c.out) }
