// A goroutine reads ahead and waits for the child; an unlinked file holds the state; syscall.ForkExec.
package isolation

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
)

type Child struct {
	mu    sync.Mutex
	news  *sync.Cond
	queue []string
	err   error
}

var functions = map[string]func(state *gob.Decoder, send func(string)){}

func Register[S any](name string, f func(state *S, send func(message string))) {
	functions[name] = func(in *gob.Decoder, send func(string)) {
		var state S
		if err := in.Decode(&state); err != nil {
			panic(err)
		}
		f(&state, send)
	}
}

type word struct {
	Text     string
	Returned bool
}

func Main() {
	if len(os.Args) < 2 || os.Args[0] != "child" {
		return
	}
	syscall.CloseOnExec(3)
	syscall.CloseOnExec(4)
	out := gob.NewEncoder(os.NewFile(4, "out"))
	functions[os.Args[1]](gob.NewDecoder(os.NewFile(3, "state")), func(message string) { out.Encode(word{Text: message}) })
	out.Encode(word{Returned: true})
	os.Exit(0)
}

func Start[S any](name string, state *S) (*Child, error) {
	if functions[name] == nil {
		return nil, errors.New("no function " + name)
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp("", "isolation")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	os.Remove(f.Name())
	if err := gob.NewEncoder(f).Encode(state); err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	pid, err := syscall.ForkExec(exe, []string{"child", name}, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2, f.Fd(), w.Fd()}})
	if err != nil {
		r.Close()
		return nil, err
	}
	c := &Child{}
	c.news = sync.NewCond(&c.mu)
	go c.listen(pid, r)
	return c, nil
}

func (c *Child) listen(pid int, r *os.File) {
	messages := gob.NewDecoder(r)
	var w word
	for {
		w = word{}
		if messages.Decode(&w) != nil || w.Returned {
			break
		}
		c.mu.Lock()
		c.queue = append(c.queue, w.Text)
		c.mu.Unlock()
		c.news.Signal()
	}
	r.Close()
	var status syscall.WaitStatus
	_, err := syscall.Wait4(pid, &status, 0, nil)
	for err == syscall.EINTR {
		_, err = syscall.Wait4(pid, &status, 0, nil)
	}
	if err == nil && w.Returned {
		err = io.EOF
	} else if err == nil {
		err = errors.New("exited too early")
	}
	if status != 0 {
		err = fmt.Errorf("status %#x", status)
	}
	c.mu.Lock()
	c.err = err
	c.mu.Unlock()
	c.news.Signal()
}

func (c *Child) Receive() (message string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.queue) == 0 {
		if c.err != nil {
			return "", c.err
		}
		c.news.Wait()
	}
	message, c.queue = c.queue[0], c.queue[1:]
	return message, nil
}
