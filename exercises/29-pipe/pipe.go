// Package pipe lets a program and its children send each other messages through pipes.
package pipe

import (
	"errors"
	"os"
)

// Conn is one end of a connection: a pipe to read from and a pipe to write to, which the other side has the other way
// round.
//
// One goroutine may be in Send while another one is in Receive; connections know nothing of each other.
type Conn struct{}

// New makes an end of a connection out of the ends of two pipes, and waits for nobody. Its peer may be any process that has
// made one out of the other two ends. The files are the connection's from then on, and Close closes them. What comes in may
// come in pieces of any size. The files may be standard input and output, too.
func New(in, out *os.File) *Conn { return &Conn{} }

// Start starts a child: this same program, run again, with exactly these arguments. It returns while the child runs, with
// the parent's end of a connection and with the child, which is the caller's to wait for. The child has the caller's
// standard output and standard error. When it cannot be started, that is an error, and nothing stays open.
func Start(args ...string) (*Conn, *os.Process, error) {
	return nil, nil, errors.New("not written yet")
}

// Parent is the child's end of the connection. A child that Start has started calls it once, before it starts anything
// itself; what it starts then has no part in the connection, not even if it gets this process's standard input.
func Parent() (*Conn, error) { return nil, errors.New("not written yet") }

// Send sends a message: any bytes, none or 10 MB of them. It returns when all of it is in the pipe, or was taken out already,
// and then it will arrive even if this process ends at once. It waits for no answer. While the pipe is full it sleeps
// in the kernel, and takes in what the other side sends meanwhile: two that send to each other at the same time do not wait
// for each other for ever, however many megabytes that is.
//
// When the other side has ended, before or meanwhile, it returns an error, and the process goes on, also when the
// descriptor is 1. What has arrived can still be received.
func (c *Conn) Send(message []byte) error { return errors.New("not written yet") }

// Receive returns the next message, whole, in the order of sending; the bytes are the caller's. Until there is one it
// sleeps in the kernel.
//
// When the other side has ended or closed its end, it returns io.EOF after the last message, in every call, and another
// error when a message was cut off in the middle: what is left of that is no message.
func (c *Conn) Receive() ([]byte, error) { return nil, errors.New("not written yet") }

// Close closes this end and waits for nobody: the other side's Receive returns io.EOF after the last message. When the other
// side has ended or closed its end, too, nothing of the connection is open in this process.
func (c *Conn) Close() error { return errors.New("not written yet") }
