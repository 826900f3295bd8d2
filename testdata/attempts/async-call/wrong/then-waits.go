// Callbacks are in a channel with room for ten until the end.

package asynccall

import (
	"bytes"
	"os"
	"os/exec"
)

type Call struct {
	done   chan struct{}
	q      chan func(string, error)
	answer string
	err    error
}

func Begin(args ...string) *Call {
	c := &Call{done: make(chan struct{}), q: make(chan func(string, error), 10)}
	go func() {
		<-c.done
		for f := range c.q {
			go f(c.answer, c.err)
		}
	}()
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
	c.q <- f
}
