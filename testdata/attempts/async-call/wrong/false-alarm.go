// A child that has written to its standard error is taken for one that has failed.

package asynccall

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
)

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
	var eb bytes.Buffer
	cmd.Stderr = &eb
	if err := cmd.Start(); err != nil {
		c.err = err
		close(c.done)
		return c
	}
	go func() {
		if err := cmd.Wait(); err != nil {
			c.err = err
		} else if eb.Len() > 0 {
			c.err = errors.New(eb.String())
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
