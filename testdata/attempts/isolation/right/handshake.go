// Frames with their length on one socket, to os.StartProcess; Start returns when the state was read.
package isolation

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
)

type Child struct {
	process *os.Process
	socket  *os.File
	err     error
}

var functions = map[string]func(text []byte, send func(string)){}

func Register[S any](name string, f func(state *S, send func(message string))) {
	functions[name] = func(text []byte, send func(string)) {
		var state S
		if err := json.Unmarshal(text, &state); err != nil {
			panic(err)
		}
		f(&state, send)
	}
}

func write(f *os.File, b []byte) error {
	_, err := f.Write(append(binary.BigEndian.AppendUint64(nil, uint64(len(b))), b...))
	return err
}

func read(f *os.File) ([]byte, error) {
	length := make([]byte, 8)
	if _, err := io.ReadFull(f, length); err != nil {
		return nil, err
	}
	b := make([]byte, binary.BigEndian.Uint64(length))
	_, err := io.ReadFull(f, b)
	return b, err
}

const mark = "isolation-child:"

func Main() {
	name, ok := strings.CutPrefix(os.Args[0], mark)
	if !ok {
		return
	}
	syscall.CloseOnExec(3)
	socket := os.NewFile(3, "socket")
	text, err := read(socket)
	if err != nil {
		os.Exit(1)
	}
	write(socket, nil)
	functions[name](text, func(message string) { write(socket, []byte("m"+message)) })
	write(socket, []byte("returned"))
	os.Exit(0)
}

func Start[S any](name string, state *S) (*Child, error) {
	if functions[name] == nil {
		return nil, errors.New("no function " + name)
	}
	text, err := json.Marshal(state)
	if err != nil {
		return nil, err
	}
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	process, err := os.StartProcess("/proc/self/exe", []string{mark + name}, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr, theirs}})
	theirs.Close()
	if err == nil {
		err = write(ours, text)
	}
	if err == nil {
		_, err = read(ours)
	}
	if err != nil {
		ours.Close()
		return nil, err
	}
	return &Child{process: process, socket: ours}, nil
}

func (c *Child) Receive() (message string, err error) {
	if c.err != nil {
		return "", c.err
	}
	b, err := read(c.socket)
	if err == nil && b[0] == 'm' {
		return string(b[1:]), nil
	}
	c.socket.Close()
	c.err = io.EOF
	if err != nil {
		c.err = errors.New("the function has not returned")
	}
	if state, err := c.process.Wait(); err != nil {
		c.err = err
	} else if !state.Success() {
		c.err = errors.New(state.String())
	}
	return "", c.err
}
