// Package pipe lets a program and its children send each other messages through pipes.
package pipe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
)

// Conn is one end of a connection: a pipe to read from and a pipe to write to, which the other side has the other way
// round.
//
// One goroutine may be in Send while another one is in Receive; connections know nothing of each other.
type Conn struct {
	in, out *os.File

	mutex    sync.Mutex
	changed  *sync.Cond
	messages [][]byte // read, and not yet received
	err      error    // what ended the reading
}

// New makes an end of a connection out of the ends of two pipes, and waits for nobody. Its peer may be any process that has
// made one out of the other two ends. The files are the connection's from then on, and Close closes them. What comes in may
// come in pieces of any size. The files may be standard input and output, too.
//
// From here on one goroutine reads whatever comes, so that the other side can always go on writing.
func New(in, out *os.File) *Conn {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // else a write to a broken pipe on descriptor 1 ends the program
	c := &Conn{in: in, out: out}
	c.changed = sync.NewCond(&c.mutex)
	go c.read()
	return c
}

// A child finds its ends of the two pipes as these descriptors: the first two of exec.Cmd.ExtraFiles.
const (
	childIn  = 3
	childOut = 4
)

// Start starts a child: this same program, run again, with exactly these arguments. It returns while the child runs, with
// the parent's end of a connection and with the child, which is the caller's to wait for. The child has the caller's
// standard output and standard error. When it cannot be started, that is an error, and nothing stays open.
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

// Parent is the child's end of the connection. A child that Start has started calls it once, before it starts anything
// itself; what it starts then has no part in the connection, not even if it gets this process's standard input.
func Parent() (*Conn, error) {
	syscall.CloseOnExec(childIn)
	syscall.CloseOnExec(childOut)
	return New(os.NewFile(childIn, "from the parent"), os.NewFile(childOut, "to the parent")), nil
}

// A message goes through the pipe behind its length.
const lengthSize = 8

// Send sends a message: any bytes, none or 10 MB of them. It returns when all of it is in the pipe, or was taken out already,
// and then it will arrive even if this process ends at once. It waits for no answer. While the pipe is full it sleeps
// in the kernel, and takes in what the other side sends meanwhile: two that send to each other at the same time do not wait
// for each other for ever, however many megabytes that is.
//
// When the other side has ended, before or meanwhile, it returns an error, and the process goes on, also when the
// descriptor is 1. What has arrived can still be received.
func (c *Conn) Send(message []byte) error {
	if _, err := c.out.Write(binary.BigEndian.AppendUint64(nil, uint64(len(message)))); err != nil {
		return err
	}
	if len(message) == 0 {
		return nil
	}
	_, err := c.out.Write(message)
	return err
}

// read takes in all messages up to the end.
func (c *Conn) read() {
	for {
		message, err := readMessage(c.in)
		c.mutex.Lock()
		if err != nil {
			c.err = err
		} else {
			c.messages = append(c.messages, message)
		}
		c.changed.Broadcast()
		c.mutex.Unlock()
		if err != nil {
			return
		}
	}
}

// readMessage returns io.EOF only when the pipe ends before the first byte.
func readMessage(in io.Reader) ([]byte, error) {
	var length [lengthSize]byte
	if _, err := io.ReadFull(in, length[:]); err != nil {
		return nil, err
	}
	message := make([]byte, binary.BigEndian.Uint64(length[:]))
	if _, err := io.ReadFull(in, message); err == io.EOF {
		return nil, io.ErrUnexpectedEOF
	} else if err != nil {
		return nil, fmt.Errorf("pipe: read a message: %w", err)
	}
	return message, nil
}

// Receive returns the next message, whole, in the order of sending; the bytes are the caller's. Until there is one it
// sleeps in the kernel.
//
// When the other side has ended or closed its end, it returns io.EOF after the last message, in every call, and another
// error when a message was cut off in the middle: what is left of that is no message.
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

// Close closes this end and waits for nobody: the other side's Receive returns io.EOF after the last message. When the other
// side has ended or closed its end, too, nothing of the connection is open in this process.
func (c *Conn) Close() error { return errors.Join(c.out.Close(), c.in.Close()) }
