// Package isolation runs functions on copies of a program's state, in child processes.
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

// Child is a process that runs, or has run, one function.
type Child struct {
	cmd      *exec.Cmd
	pipe     *os.File     // nil when the child was waited for
	messages *gob.Decoder // of the pipe
	err      error        // what Receive returns at the end
}

// A child finds this as its first argument and the function's name as the second, the state on its standard input, and
// an end of a pipe for the messages.
const (
	marker = "--isolation-child"
	outbox = 3 // the first of exec.Cmd.ExtraFiles
)

// letter is what goes through the pipe: a message, or the word that the function has returned.
type letter struct {
	Text     string
	Returned bool
}

// functions are the registered ones. Each reads its state first, as it alone knows the state's type.
var functions = map[string]func(state *gob.Decoder, send func(message string)) error{}

// Register makes a function known under a name, here and in every child. It calls nothing. When the function runs, it
// gets a state of its own, and send, by which it tells its caller what that is to know. A message is on its way when send
// returns, received or not; send may wait for somebody who receives only when many kilobytes are on their way. When nobody
// is there any more to receive, the message is lost, and the function goes on.
//
// Calls of send at the same time are not asked for, nor are those of Register, or of Receive on one child.
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

// Main is called by the program as soon as its functions are registered, and before it does anything else. In a child it
// runs the function and then ends the process: it never returns. In the program itself it returns at once, also when the
// caller or a function has run that by os/exec.
func Main() {
	if len(os.Args) != 3 || os.Args[1] != marker {
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

// Start runs the function of that name in a child of the caller: this same program, run again. It returns while the
// function runs. A function may call it as well.
//
// The function gets a copy of the state, which is a pointer to a struct of the type that the function was registered for.
// The exported fields are copied as they are at this moment: integers, strings, slices of strings, maps from strings to
// integers. They may hold megabytes, of any UTF-8 text; nil and empty are the same. From then on the two have nothing in
// common: what the function changes, neither the caller sees nor any other child, and the function sees nothing of what
// these change. Each Start copies the state anew.
//
// A name that nobody has registered is an error, and creates no process. When none can be made, that is an error, too, and
// nothing stays open.
//
// The copy is made here, before there is a child: as bytes, in a file in memory (memfd_create(2)). What happens to the state
// or to the caller afterwards does not matter then, and a file takes more than a pipe does.
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

// write leaves the state in a file that no folder lists, to be read from its beginning.
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

// Receive returns the next message that this child's function has sent. Messages arrive whole and in the order of sending,
// while the function goes on: any UTF-8 text, also an empty one, or a megabyte. What the function prints is no message:
// that goes to the caller's standard output and standard error.
//
// Until there is a message Receive sleeps in the kernel, and keeps no other child's Receive waiting. After the last one
// it sleeps until the child has ended. Then it returns io.EOF if the function has returned, and another error if the
// child ended otherwise: by os.Exit with whatever status, 0 as well, by a panic or a signal. Then nothing is left of the
// child, neither a zombie nor an open descriptor nor a file, and every further Receive returns io.EOF or an error as
// this one did. The caller's other children are left alone. The child's own children, and other programs that it has
// started, are not waited for and go on.
//
// The pipe ends when the child does, whose end of it is the last one. How the child ended only Wait knows; that it did not
// exit before the function returned, the last letter.
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
