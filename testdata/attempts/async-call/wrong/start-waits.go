// Begin returns when the child has ended.

package asynccall

import (
	"bytes"
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
	var output bytes.Buffer
	cmd, err := start(&output, args)
	if err != nil {
		c.err = err
		close(c.over)
		return c
	}
	func() {
		defer close(c.over)
		if c.err = cmd.Wait(); c.err == nil {
			c.answer = output.String()
		}
	}()
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
	<-c.over
	return c.answer, c.err
}

func (c *Call) Then(f func(answer string, err error)) {
	go func() { f(c.Get()) }()
}
