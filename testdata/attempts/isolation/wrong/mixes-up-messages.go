// All children send into one pipe, and whoever receives takes what comes next.
package isolation

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
)

type Child struct {
	cmd *exec.Cmd
	err error
}

// shared is the one pipe, open while there are children.
var shared struct {
	sync.Mutex
	r, w     *os.File
	messages *json.Decoder
	children int
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
	out := json.NewEncoder(os.NewFile(3, "out"))
	functions[name](text, func(message string) { out.Encode(message) })
	out.Encode("end of " + strconv.Itoa(os.Getpid()))
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
	shared.Lock()
	defer shared.Unlock()
	if shared.children++; shared.children == 1 {
		if shared.r, shared.w, err = os.Pipe(); err != nil {
			return nil, err
		}
		shared.messages = json.NewDecoder(shared.r)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "ISOLATION="+name)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{shared.w}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	in.Write(text)
	in.Close()
	return &Child{cmd: cmd}, nil
}

func (c *Child) Receive() (message string, err error) {
	if c.err != nil {
		return "", c.err
	}
	if shared.messages.Decode(&message) == nil && message != "end of "+strconv.Itoa(c.cmd.Process.Pid) {
		return message, nil
	}
	c.err = io.EOF
	if err := c.cmd.Wait(); err != nil {
		c.err = err
	}
	shared.Lock()
	defer shared.Unlock()
	if shared.children--; shared.children == 0 {
		shared.r.Close()
		shared.w.Close()
	}
	return "", c.err
}
