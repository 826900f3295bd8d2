// syscall.ForkExec; while a Send is on its way a goroutine of its own reads, and Receive reads itself when there is none.
package pipe

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
	"time"
)

type Conn struct {
	in, out *os.File
	raw     bool // in cannot be interrupted: whoever reads reads on
	reading sync.Mutex
	buffer  []byte
	end     error

	once sync.Once
	more *sync.Cond
}

func New(in, out *os.File) *Conn {
	c := &Conn{in: in, out: out}
	c.raw = in.SetReadDeadline(time.Time{}) != nil
	c.more = sync.NewCond(&c.reading)
	return c
}

func Start(args ...string) (*Conn, *os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	theirIn, out, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer theirIn.Close()
	in, theirOut, err := os.Pipe()
	if err != nil {
		out.Close()
		return nil, nil, err
	}
	defer theirOut.Close()
	pid, err := syscall.ForkExec(exe, append([]string{exe}, args...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2, theirIn.Fd(), theirOut.Fd()},
	})
	if err != nil {
		in.Close()
		out.Close()
		return nil, nil, err
	}
	p, err := os.FindProcess(pid)
	return New(in, out), p, err
}

func Parent() (*Conn, error) {
	for fd := 3; fd <= 4; fd++ {
		syscall.CloseOnExec(fd)
		if err := syscall.SetNonblock(fd, true); err != nil {
			return nil, err
		}
	}
	return New(os.NewFile(3, "in"), os.NewFile(4, "out")), nil
}

// pump reads whatever comes, until the end or the deadline.
func (c *Conn) pump() {
	buffer := make([]byte, 1<<16)
	for {
		n, err := c.in.Read(buffer)
		c.reading.Lock()
		c.buffer = append(c.buffer, buffer[:n]...)
		c.end = err
		c.more.Broadcast()
		c.reading.Unlock()
		if err != nil {
			return
		}
	}
}

func (c *Conn) Send(message []byte) error {
	c.once.Do(func() { go c.pump() })
	all := binary.LittleEndian.AppendUint32(make([]byte, 0, 4+len(message)), uint32(len(message)))
	all = append(all, message...)
	raw, err := c.out.SyscallConn() // whose writes raise no SIGPIPE that ends the program
	if err != nil {
		return err
	}
	var failed error
	for len(all) > 0 && failed == nil && err == nil {
		err = raw.Write(func(fd uintptr) bool {
			n, e := syscall.Write(int(fd), all)
			switch e {
			case nil:
				all = all[n:]
				return true
			case syscall.EINTR:
				return true
			case syscall.EAGAIN:
				return false
			}
			failed = e
			return true
		})
	}
	return errors.Join(failed, err)
}

func (c *Conn) Receive() ([]byte, error) {
	c.once.Do(func() { go c.pump() })
	c.reading.Lock()
	defer c.reading.Unlock()
	for {
		if len(c.buffer) >= 4 {
			n := int(binary.LittleEndian.Uint32(c.buffer))
			if len(c.buffer) >= 4+n {
				message := append([]byte{}, c.buffer[4:4+n]...)
				c.buffer = c.buffer[4+n:]
				return message, nil
			}
		}
		switch {
		case c.end == io.EOF && len(c.buffer) > 0:
			return nil, io.ErrUnexpectedEOF
		case c.end != nil:
			return nil, c.end
		}
		c.more.Wait()
	}
}

func (c *Conn) Close() error { return errors.Join(c.out.Close(), c.in.Close()) }
