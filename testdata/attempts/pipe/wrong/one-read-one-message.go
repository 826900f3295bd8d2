// What one read returns is taken for a message.
package pipe

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
)

type Conn struct {
	in, out *os.File

	mutex    sync.Mutex
	changed  *sync.Cond
	messages [][]byte // read, and not yet received
	err      error    // what ended the reading
}

func New(in, out *os.File) *Conn {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // else a write to a broken pipe on descriptor 1 ends the program
	c := &Conn{in: in, out: out}
	c.changed = sync.NewCond(&c.mutex)
	go c.read()
	return c
}

const (
	childIn  = 3
	childOut = 4
)

func Start(args ...string) (*Conn, *os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	theirIn, out, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	in, theirOut, err := os.Pipe()
	if err != nil {
		theirIn.Close()
		out.Close()
		return nil, nil, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	err = cmd.Start()
	theirIn.Close() // a pipe ends when nobody has its other end any more: these two are the child's alone
	theirOut.Close()
	if err != nil {
		in.Close()
		out.Close()
		return nil, nil, err
	}
	return New(in, out), cmd.Process, nil
}

func Parent() (*Conn, error) {
	syscall.CloseOnExec(childIn)
	syscall.CloseOnExec(childOut)
	return New(os.NewFile(childIn, "from the parent"), os.NewFile(childOut, "to the parent")), nil
}

func (c *Conn) Send(message []byte) error {
	_, err := c.out.Write(message)
	return err
}

func (c *Conn) read() {
	buffer := make([]byte, 64<<10) // a pipe holds no more
	for {
		n, err := c.in.Read(buffer)
		c.mutex.Lock()
		if err != nil {
			c.err = err
		} else {
			c.messages = append(c.messages, bytes.Clone(buffer[:n]))
		}
		c.changed.Broadcast()
		c.mutex.Unlock()
		if err != nil {
			return
		}
	}
}

func (c *Conn) Receive() ([]byte, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for len(c.messages) == 0 {
		if c.err != nil {
			return nil, c.err
		}
		c.changed.Wait()
	}
	message := c.messages[0]
	c.messages = c.messages[1:]
	return message, nil
}

func (c *Conn) Close() error { return errors.Join(c.out.Close(), c.in.Close()) }
