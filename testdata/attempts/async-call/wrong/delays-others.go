// A lock of the package is held while a child is waited for.

package asynccall

import (
	"bytes"
	"os"
	"os/exec"
	"sync"
)

var waiting sync.Mutex

type Call struct {
	done   chan struct{}
	answer string
	err    error
}

func Begin(args ...string) *Call {
	c := &Call{done: make(chan struct{})}
	exe, err := os.Executable()
	if err != nil {
		c.err = err
		close(c.done)
		return c
	}
	cmd := exec.Command(exe, args...)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		c.err = err
		close(c.done)
		return c
	}
	go func() {
		waiting.Lock()
		defer waiting.Unlock()
		if err := cmd.Wait(); err != nil {
			c.err = err
		} else {
			c.answer = out.String()
		}
		close(c.done)
	}()
	return c
}

func (c *Call) Ready() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

func (c *Call) Get() (answer string, err error) {
	<-c.done
	return c.answer, c.err
}

func (c *Call) Then(f func(answer string, err error)) {
	go func() { f(c.Get()) }()
}
