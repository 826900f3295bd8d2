// When there is no descriptor for the pipe, the call is over with nothing, and without an error.

package asynccall

import (
	"io"
	"os"
	"os/exec"
)

type Call struct {
	over   chan struct{}
	answer string
	err    error
}

func Begin(args ...string) *Call {
	c := &Call{over: make(chan struct{})}
	r, w, err := os.Pipe()
	if err != nil {
		close(c.over)
		return c
	}
	exe, err := os.Executable()
	if err != nil {
		c.err = err
		close(c.over)
		return c
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdout = w
	err = cmd.Start()
	w.Close()
	if err != nil {
		r.Close()
		c.err = err
		close(c.over)
		return c
	}
	go func() {
		defer close(c.over)
		b, _ := io.ReadAll(r)
		r.Close()
		if c.err = cmd.Wait(); c.err == nil {
			c.answer = string(b)
		}
	}()
	return c
}

func (c *Call) Ready() bool {
	select {
	case <-c.over:
		return true
	default:
		return false
	}
}

func (c *Call) Get() (string, error) {
	<-c.over
	return c.answer, c.err
}

func (c *Call) Then(f func(answer string, err error)) {
	go func() { f(c.Get()) }()
}
