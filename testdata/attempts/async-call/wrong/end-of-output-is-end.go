// The call is over at the end of the output, and how the child ends nobody asks.

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
	cmd, output, err := start(args)
	if err != nil {
		c.err = err
		close(c.over)
		return c
	}
	go func() {
		answer, err := io.ReadAll(output)
		c.answer, c.err = string(answer), err
		close(c.over)
		cmd.Wait()
	}()
	return c
}

func start(args []string) (*exec.Cmd, io.Reader, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(exe, args...)
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	cmd.Stderr = os.Stderr
	return cmd, output, cmd.Start()
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
