// All that comes stands in one slice, which Receive copies for each message that it takes out; no goroutine, and the child's
// standard input is the one pipe.
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
	in, out *os.File
	rd, wr  int
	rmu     sync.Mutex // who reads
	buf     []byte
	err     error
}

func New(in, out *os.File) *Conn {
	return &Conn{in: in, out: out, rd: int(in.Fd()), wr: int(out.Fd())}
}

func Start(args ...string) (*Conn, *os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	var fs []*os.File
	closeAll := func() {
		for _, f := range fs {
			f.Close()
		}
	}
	for i := 0; i < 2; i++ {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		fs = append(fs, r, w)
	}
	p, err := os.StartProcess(exe, append([]string{exe}, args...), &os.ProcAttr{Files: []*os.File{fs[0], os.Stdout, os.Stderr, fs[3]}})
	if err != nil {
		closeAll()
		return nil, nil, err
	}
	fs[0].Close()
	fs[3].Close()
	return New(fs[2], fs[1]), p, nil
}

// Parent puts /dev/null in the place of standard input, which is the one pipe: what the child starts gets that.
func Parent() (*Conn, error) {
	in, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	null, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Dup2(null, 0); err != nil {
		return nil, err
	}
	unix.Close(null)
	unix.CloseOnExec(3)
	return New(os.NewFile(uintptr(in), "in"), os.NewFile(3, "out")), nil
}

// read once into the buffer; the caller has rmu
func (c *Conn) fill() {
	b := make([]byte, 64<<10)
	for {
		n, err := unix.Read(c.rd, b)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			c.err = err
		} else if n == 0 {
			c.err = io.EOF
		}
		if n > 0 {
			c.buf = append(c.buf, b[:n]...)
		}
		return
	}
}

func (c *Conn) Send(message []byte) error {
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(message)))
	out = append(out, message...)
	ended := false
	for len(out) > 0 {
		fds := []unix.PollFd{{Fd: int32(c.wr), Events: unix.POLLOUT}, {Fd: int32(c.rd), Events: unix.POLLIN}}
		if ended {
			fds = fds[:1]
		}
		_, err := unix.Poll(fds, -1)
		// whoever receives at the same time reads already
		if err == nil && len(fds) == 2 && fds[1].Revents != 0 && c.rmu.TryLock() {
			now := fds[1:]
			if n, _ := unix.Poll(now, 0); n > 0 && c.err == nil {
				c.fill()
			}
			if c.err != nil {
				ended = true
			}
			c.rmu.Unlock()
		}
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		if fds[0].Revents == 0 {
			continue
		}
		n, err := unix.Write(c.wr, out[:min(len(out), 4096)])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		out = out[n:]
	}
	return nil
}

func (c *Conn) Receive() ([]byte, error) {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	for {
		if len(c.buf) >= 8 {
			n := binary.LittleEndian.Uint64(c.buf)
			if uint64(len(c.buf)-8) >= n {
				m := append([]byte(nil), c.buf[8:8+n]...)
				c.buf = append([]byte(nil), c.buf[8+n:]...)
				return m, nil
			}
		}
		if c.err != nil {
			if c.err == io.EOF && len(c.buf) > 0 {
				return nil, io.ErrUnexpectedEOF
			}
			return nil, c.err
		}
		c.fill()
	}
}

func (c *Conn) Close() error { return errors.Join(c.in.Close(), c.out.Close()) }
