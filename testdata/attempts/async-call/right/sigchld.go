// SIGCHLD tells that some child has ended, and the child's output is in a temporary file.

package asynccall

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

type Call struct {
	pid    int
	output *os.File
	over   chan struct{}
	answer string
	err    error
}

var (
	mutex   sync.Mutex
	running = map[*Call]bool{}
	listen  = sync.OnceFunc(func() {
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, syscall.SIGCHLD)
		go func() {
			for range ended {
				collect()
			}
		}()
	})
)

func Begin(args ...string) *Call {
	listen()
	c := &Call{over: make(chan struct{})}
	mutex.Lock()
	defer mutex.Unlock()
	if c.err = c.start(args); c.err != nil {
		close(c.over)
		return c
	}
	running[c] = true
	return c
}

func (c *Call) start(args []string) (err error) {
	if c.output, err = os.CreateTemp("", "answer"); err != nil {
		return err
	}
	os.Remove(c.output.Name())
	c.pid, err = syscall.ForkExec("/proc/self/exe", append([]string{os.Args[0]}, args...), &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, c.output.Fd(), 2},
	})
	if err != nil {
		c.output.Close()
	}
	return err
}

// collect waits for all that have ended, as several ends may be one signal.
func collect() {
	mutex.Lock()
	defer mutex.Unlock()
	for c := range running {
		var status syscall.WaitStatus
		if pid, _ := syscall.Wait4(c.pid, &status, syscall.WNOHANG, nil); pid == c.pid {
			delete(running, c)
			c.end(status)
		}
	}
}

func (c *Call) end(status syscall.WaitStatus) {
	defer close(c.over)
	defer c.output.Close()
	switch {
	case status.Signaled():
		c.err = errors.New("signal: " + status.Signal().String())
	case status.ExitStatus() != 0:
		c.err = fmt.Errorf("exit status %d", status.ExitStatus())
	default:
		c.output.Seek(0, io.SeekStart)
		answer, err := io.ReadAll(c.output)
		c.answer, c.err = string(answer), err
	}
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
