// Beside a Send that waits, Receive leaves the reading to that, and is not told that it has taken a message in.

package pipe

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

type Conn struct {
	in, out   *os.File
	inFD, oFD int

	mutex   sync.Mutex
	sent    *sync.Cond
	sending bool   // a Send waits, and reads what comes meanwhile
	bytes   []byte // read, and not yet a message that was received
	end     bool
}

func New(in, out *os.File) *Conn {
	c := &Conn{in: in, out: out, inFD: int(in.Fd()), oFD: int(out.Fd())}
	unix.SetNonblock(c.inFD, true)
	unix.SetNonblock(c.oFD, true)
	c.sent = sync.NewCond(&c.mutex)
	return c
}

func Start(args ...string) (*Conn, *os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	var down, up [2]int
	if err := unix.Pipe2(down[:], unix.O_CLOEXEC); err != nil {
		return nil, nil, err
	}
	if err := unix.Pipe2(up[:], unix.O_CLOEXEC); err != nil {
		unix.Close(down[0])
		unix.Close(down[1])
		return nil, nil, err
	}
	theirIn, theirOut := os.NewFile(uintptr(down[0]), "in"), os.NewFile(uintptr(up[1]), "out")
	defer theirIn.Close()
	defer theirOut.Close()
	in, out := os.NewFile(uintptr(up[0]), "in"), os.NewFile(uintptr(down[1]), "out")
	p, err := os.StartProcess(exe, append([]string{exe}, args...), &os.ProcAttr{
		Files: []*os.File{theirIn, os.Stdout, os.Stderr, nil, nil, theirOut},
	})
	if err != nil {
		in.Close()
		out.Close()
		return nil, nil, err
	}
	return New(in, out), p, nil
}

func Parent() (*Conn, error) {
	in, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	null, err := os.Open(os.DevNull) // in its place, for whatever is started later
	if err != nil {
		return nil, err
	}
	defer null.Close()
	unix.CloseOnExec(5)
	return New(os.NewFile(uintptr(in), "in"), os.NewFile(5, "out")), unix.Dup2(int(null.Fd()), 0)
}

func retry(f func() error) error {
	for {
		if err := f(); err != unix.EINTR {
			return err
		}
	}
}

// take reads what is there.
func (c *Conn) take() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	buffer := make([]byte, 1<<16)
	var n int
	err := retry(func() (err error) {
		n, err = unix.Read(c.inFD, buffer)
		return err
	})
	if err == unix.EAGAIN { // Send or Receive has taken it
		return nil
	}
	if err != nil {
		return err
	}
	c.end = n == 0
	c.bytes = append(c.bytes, buffer[:n]...)
	return nil
}

func (c *Conn) atEnd() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.end
}

func (c *Conn) Send(message []byte) error {
	defer c.reads(false)
	left := append(binary.AppendUvarint(nil, uint64(len(message))), message...)
	for len(left) > 0 {
		n, err := rawWrite(c.oFD, left)
		if err == nil {
			left = left[n:]
			continue
		}
		if err != unix.EAGAIN {
			return err
		}
		c.reads(true)
		fds := []unix.PollFd{{Fd: int32(c.oFD), Events: unix.POLLOUT}}
		if !c.atEnd() {
			fds = append(fds, unix.PollFd{Fd: int32(c.inFD), Events: unix.POLLIN})
		}
		err = retry(func() error { _, err := unix.Poll(fds, -1); return err })
		if err == nil && len(fds) > 1 && fds[1].Revents != 0 {
			err = c.take()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Conn) reads(sending bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.sending = sending
	c.sent.Broadcast()
}

// waits is for a Receive beside a Send that reads.
func (c *Conn) waits() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for c.sending {
		c.sent.Wait()
	}
}

// rawWrite is no os.File's write: that would end the program by SIGPIPE on descriptor 1.
func rawWrite(fd int, b []byte) (n int, err error) {
	err = retry(func() (err error) {
		n, err = unix.Write(fd, b)
		return err
	})
	return n, err
}

func (c *Conn) Receive() ([]byte, error) {
	for {
		if message, err := c.next(); message != nil || err != nil {
			return message, err
		}
		c.waits()
		if message, err := c.next(); message != nil || err != nil {
			return message, err
		}
		fds := []unix.PollFd{{Fd: int32(c.inFD), Events: unix.POLLIN}}
		if err := retry(func() error { _, err := unix.Poll(fds, -1); return err }); err != nil {
			return nil, err
		}
		if err := c.take(); err != nil {
			return nil, err
		}
	}
}

// next is a message that is there already, or the end; nil when there is neither.
func (c *Conn) next() ([]byte, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	size, n := binary.Uvarint(c.bytes)
	if n > 0 && len(c.bytes) >= n+int(size) {
		message := append([]byte{}, c.bytes[n:n+int(size)]...)
		c.bytes = c.bytes[n+int(size):]
		return message, nil
	}
	switch {
	case c.end && len(c.bytes) == 0:
		return nil, io.EOF
	case c.end:
		return nil, errors.New("pipe: cut off")
	}
	return nil, nil
}

func (c *Conn) Close() error { return errors.Join(c.in.Close(), c.out.Close()) }
