// Answer and end are in variables of the package, and the last call has them.

package asynccall

import (
	"bytes"
	"os"
	"os/exec"
)

type Call struct{}

var last struct {
	over   chan struct{}
	answer string
	err    error
}

func Begin(args ...string) *Call {
	c := &Call{}
	over := make(chan struct{})
	last.over, last.answer, last.err = over, "", nil
	var output bytes.Buffer
	cmd, err := start(&output, args)
	if err != nil {
		last.err = err
		close(over)
		return c
	}
	go func() {
		defer close(over)
		if last.err = cmd.Wait(); last.err == nil {
			last.answer = output.String()
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
	case <-last.over:
		return true
	default:
		return false
	}
}

func (c *Call) Get() (answer string, err error) {
	<-last.over
	return last.answer, last.err
}

func (c *Call) Then(f func(answer string, err error)) {
	go func() { f(c.Get()) }()
}
