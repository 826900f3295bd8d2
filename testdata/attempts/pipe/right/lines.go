// A message is a line in base64; everything that comes is read by a goroutine that begins with the first call.
package pipe

import (
	"bufio"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
)

type Conn struct {
	in, out *os.File
	begin   sync.Once
	lines   chan string
	end     error
}

func New(in, out *os.File) *Conn {
	c := &Conn{in: in, out: out, lines: make(chan string)}
	notified := make(chan os.Signal, 1)
	signal.Notify(notified, syscall.SIGPIPE)
	return c
}

// read reads lines; relay keeps as many as there are until somebody wants them.
func (c *Conn) read() {
	read := make(chan string)
	go func() {
		reader := bufio.NewReader(c.in)
		for {
			line, err := reader.ReadString('\n')
			if err == io.EOF && line != "" {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				c.end = err
				close(read)
				return
			}
			read <- line[:len(line)-1]
		}
	}()
	go func() {
		var kept []string
		for read != nil || len(kept) > 0 {
			var to chan string
			var next string
			if len(kept) > 0 {
				to, next = c.lines, kept[0]
			}
			select {
			case line, ok := <-read:
				if ok {
					kept = append(kept, line)
				} else {
					read = nil
				}
			case to <- next:
				kept = kept[1:]
			}
		}
		close(c.lines)
	}()
}

func Start(args ...string) (c *Conn, p *os.Process, err error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	var files [4]*os.File // theirs, ours, ours, theirs
	if files[0], files[1], err = os.Pipe(); err != nil {
		return nil, nil, err
	}
	if files[2], files[3], err = os.Pipe(); err != nil {
		return nil, nil, errors.Join(err, files[0].Close(), files[1].Close())
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = files[0], os.Stdout, os.Stderr
	cmd.ExtraFiles = files[3:]
	err = cmd.Start()
	files[0].Close()
	files[3].Close()
	if err != nil {
		return nil, nil, errors.Join(err, files[1].Close(), files[2].Close())
	}
	return New(files[2], files[1]), cmd.Process, nil
}

func Parent() (*Conn, error) {
	// The standard input stays free for what it is: the end is moved to a number of its own.
	in, err := syscall.Dup(0)
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(in)
	syscall.CloseOnExec(3)
	null, err := syscall.Open("/dev/null", syscall.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	if err := syscall.Dup3(null, 0, 0); err != nil {
		return nil, err
	}
	syscall.Close(null)
	return New(os.NewFile(uintptr(in), "in"), os.NewFile(3, "out")), nil
}

func (c *Conn) Send(message []byte) error {
	c.begin.Do(c.read)
	_, err := c.out.WriteString(base64.StdEncoding.EncodeToString(message) + "\n")
	return err
}

func (c *Conn) Receive() ([]byte, error) {
	c.begin.Do(c.read)
	line, ok := <-c.lines
	if !ok {
		return nil, c.end
	}
	return base64.StdEncoding.DecodeString(line)
}

func (c *Conn) Close() error { return errors.Join(c.in.Close(), c.out.Close()) }
