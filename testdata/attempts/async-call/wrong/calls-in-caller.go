// A callback that is set up after the end is called by who sets it up.

package asynccall

import (
	"bytes"
	"os"
	"os/exec"
	"sync"
)

type Call struct {
	over   chan struct{}
	answer string
	err    error

	mutex     sync.Mutex
	ended     bool
	callbacks []func(string, error)
}

func Begin(args ...string) *Call {
	c := &Call{over: make(chan struct{})}
	var output bytes.Buffer
	cmd, err := start(&output, args)
	if err != nil {
		c.end("", err)
		return c
	}
	go func() {
		if err := cmd.Wait(); err != nil {
			c.end("", err)
		} else {
			c.end(output.String(), nil)
		}
	}()
	return c
}

func (c *Call) end(answer string, err error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.answer, c.err, c.ended = answer, err, true
	close(c.over)
	for _, f := range c.callbacks {
		go f(answer, err)
	}
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
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.ended
}

func (c *Call) Get() (answer string, err error) {
	<-c.over
	return c.answer, c.err
}

func (c *Call) Then(f func(answer string, err error)) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.ended {
		f(c.answer, c.err)
		return
	}
	c.callbacks = append(c.callbacks, f)
}
