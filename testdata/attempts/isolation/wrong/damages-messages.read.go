// A message is what one read gives.
package isolation

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
)

type Child struct {
	cmd      *exec.Cmd
	pipe     *os.File
	messages *bufio.Reader
	err      error
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

func Main() {
	name := os.Getenv("ISOLATION")
	if name == "" {
		return
	}
	syscall.CloseOnExec(3)
	text, _ := io.ReadAll(os.Stdin)
	out := os.NewFile(3, "out")
	functions[name](text, func(message string) { out.WriteString(message) })
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
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "ISOLATION="+name)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{w}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	w.Close()
	in.Write(text)
	in.Close()
	return &Child{cmd: cmd, pipe: r, messages: bufio.NewReader(r)}, nil
}

func (c *Child) Receive() (message string, err error) {
	if c.err != nil {
		return "", c.err
	}
	b := make([]byte, 64<<10)
	if n, err := c.messages.Read(b); err == nil {
		return string(b[:n]), nil
	}
	c.err = io.EOF
	if err := c.cmd.Wait(); err != nil {
		c.err = err
	}
	c.pipe.Close()
	return "", c.err
}
