// Gob makes the messages; the ends travel by their numbers in the environment, and a goroutine feeds a list.
package pipe

import (
	"container/list"
	"encoding/gob"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
)

type Conn struct {
	in, out *os.File
	encoder *gob.Encoder

	mutex sync.Mutex
	wake  chan bool // holds a value when the list has changed
	list  list.List // of []byte, and at last of the error
}

func New(in, out *os.File) *Conn {
	c := &Conn{in: in, out: out, encoder: gob.NewEncoder(out), wake: make(chan bool, 1)}
	signal.Ignore(syscall.SIGPIPE)
	go c.feed(gob.NewDecoder(in))
	return c
}

func (c *Conn) feed(decoder *gob.Decoder) {
	for {
		var message []byte
		var next any
		err := decoder.Decode(&message)
		if next = message; err != nil {
			next = err
		}
		c.mutex.Lock()
		c.list.PushBack(next)
		c.mutex.Unlock()
		select {
		case c.wake <- true:
		default:
		}
		if err != nil {
			return
		}
	}
}

func Start(args ...string) (*Conn, *os.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
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
	cmd.ExtraFiles = []*os.File{nil, theirOut, nil, theirIn}
	cmd.Env = append(os.Environ(), "PIPE_ENDS=6,4")
	if err := cmd.Start(); err != nil {
		in.Close()
		out.Close()
		return nil, nil, err
	}
	return New(in, out), cmd.Process, nil
}

func Parent() (*Conn, error) {
	var in, out int
	if _, err := fmt.Sscanf(os.Getenv("PIPE_ENDS"), "%d,%d", &in, &out); err != nil {
		return nil, err
	}
	os.Unsetenv("PIPE_ENDS")
	syscall.CloseOnExec(in)
	syscall.CloseOnExec(out)
	return New(os.NewFile(uintptr(in), "in"), os.NewFile(uintptr(out), "out")), nil
}

func (c *Conn) Send(message []byte) error { return c.encoder.Encode(message) }

func (c *Conn) Receive() ([]byte, error) {
	for {
		c.mutex.Lock()
		if first := c.list.Front(); first != nil {
			message, ok := first.Value.([]byte)
			if !ok {
				c.mutex.Unlock()
				return nil, first.Value.(error)
			}
			c.list.Remove(first)
			c.mutex.Unlock()
			return message, nil
		}
		c.mutex.Unlock()
		<-c.wake
	}
}

func (c *Conn) Close() error {
	err := c.out.Close()
	if e := c.in.Close(); err == nil {
		err = e
	}
	return err
}
