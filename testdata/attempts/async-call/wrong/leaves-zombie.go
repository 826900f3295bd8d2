// The child is waited for when somebody asks for its answer.

package asynccall

import (
	"bytes"
	"os"
	"os/exec"
	"sync"
)

type Call struct {
	over   chan struct{}
	wait   func()
	answer string
	err    error
}

func Begin(args ...string) *Call {
	c := &Call{over: make(chan struct{})}
	var output bytes.Buffer
	cmd, err := start(&output, args)
	if err != nil {
		c.err = err
		close(c.over)
		return c
	}
	c.wait = sync.OnceFunc(func() {
		defer close(c.over)
		if c.err = cmd.Wait(); c.err == nil {
			c.answer = output.String()
		}
	})
	return c
}

func start(output *bytes.Buffer, args []string) (*exec.Cmd, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Stdout = output
	cmd.Stderr = os.Stderr
	return cmd, cmd.Start()
}

func (c *Call) Ready() bool {
	select {
	case <-c.over:
		return true
	default:
		return false
	}
}

func (c *Call) Get() (answer string, err error) {
	if c.wait != nil {
		c.wait()
	}
	<-c.over
	return c.answer, c.err
}

func (c *Call) Then(f func(answer string, err error)) {
	go func() { f(c.Get()) }()
}
