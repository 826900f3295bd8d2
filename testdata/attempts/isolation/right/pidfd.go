// A pidfd tells of the end before the wait.
package isolation

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

type Child struct {
	cmd      *exec.Cmd
	pipe     *os.File
	messages *json.Decoder
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
	os.Unsetenv("ISOLATION")
	syscall.CloseOnExec(3)
	text, _ := io.ReadAll(os.Stdin)
	out := json.NewEncoder(os.NewFile(3, "out"))
	functions[name](text, func(message string) { out.Encode(message) })
	out.Encode(nil) // the function has returned
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
		r.Close()
		w.Close()
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		r.Close()
		w.Close()
		return nil, err
	}
	w.Close()
	in.Write(text)
	in.Close()
	return &Child{cmd: cmd, pipe: r, messages: json.NewDecoder(r)}, nil
}

func (c *Child) Receive() (message string, err error) {
	if c.err != nil {
		return "", c.err
	}
	text := new(string)
	if c.messages.Decode(&text) == nil && text != nil {
		return *text, nil
	}
	if fd, err := unix.PidfdOpen(c.cmd.Process.Pid, 0); err == nil {
		for err = unix.EINTR; err == unix.EINTR; {
			_, err = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
		}
		unix.Close(fd)
	}
	c.err = c.cmd.Wait()
	if c.err == nil && text == nil {
		c.err = io.EOF
	} else if c.err == nil {
		c.err = errors.New("exited too early")
	}
	c.pipe.Close()
	return "", c.err
}
