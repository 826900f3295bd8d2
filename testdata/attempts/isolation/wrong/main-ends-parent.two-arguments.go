// Takes any run with two arguments for a child.
package isolation

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

type Child struct {
	cmd      *exec.Cmd
	pipe     *os.File     // nil when the child was waited for
	messages *gob.Decoder // of the pipe
	err      error        // what Receive returns at the end
}

const (
	marker = "--isolation-child"
	outbox = 3 // the first of exec.Cmd.ExtraFiles
)

type letter struct {
	Text     string
	Returned bool
}

var functions = map[string]func(state *gob.Decoder, send func(message string)) error{}

func Register[S any](name string, f func(state *S, send func(message string))) {
	functions[name] = func(in *gob.Decoder, send func(message string)) error {
		var state S
		if err := in.Decode(&state); err != nil {
			return err
		}
		f(&state, send)
		return nil
	}
}

func Main() {
	if len(os.Args) != 3 {
		return
	}
	syscall.CloseOnExec(outbox) // the messages end with this process, not with what the function starts
	messages := gob.NewEncoder(os.NewFile(outbox, "outbox"))
	send := func(message string) {
		messages.Encode(letter{Text: message}) // an error says that nobody can receive any more
	}
	if err := functions[os.Args[2]](gob.NewDecoder(os.Stdin), send); err != nil {
		fmt.Fprintln(os.Stderr, "isolation:", err)
		os.Exit(1)
	}
	messages.Encode(letter{Returned: true})
	os.Exit(0)
}

func Start[S any](name string, state *S) (*Child, error) {
	if functions[name] == nil {
		return nil, fmt.Errorf("isolation: no function %q", name)
	}
	taken, err := write(state)
	if err != nil {
		return nil, err
	}
	defer taken.Close()
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer w.Close() // the child's end: while it is open here, the pipe does not end
	cmd := exec.Command(exe, marker, name)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = taken, os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		r.Close()
		return nil, err
	}
	return &Child{cmd: cmd, pipe: r, messages: gob.NewDecoder(r)}, nil
}

func write(state any) (*os.File, error) {
	fd, err := unix.MemfdCreate("state", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	f := os.NewFile(uintptr(fd), "state")
	err = gob.NewEncoder(f).Encode(state)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart) // the child shares the offset
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (c *Child) Receive() (message string, err error) {
	if c.pipe == nil {
		return "", c.err
	}
	var l letter
	if err := c.messages.Decode(&l); err == nil && !l.Returned {
		return l.Text, nil
	}
	c.err = c.cmd.Wait()
	if c.err == nil && l.Returned {
		c.err = io.EOF
	} else if c.err == nil {
		c.err = errors.New("isolation: the child exited before the function returned")
	}
	c.pipe.Close()
	c.pipe = nil
	return "", c.err
}
