// ForkExec, wait4, and a condition variable that wakes everybody.

package asynccall

import (
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
)

type Call struct {
	mutex  sync.Mutex
	ended  *sync.Cond
	over   atomic.Bool
	answer string
	err    error
}

func Begin(args ...string) *Call {
	c := &Call{}
	c.ended = sync.NewCond(&c.mutex)
	pid, output, err := start(args)
	if err != nil {
		c.end("", err)
		return c
	}
	go func() {
		answer, err := io.ReadAll(output)
		output.Close()
		failure := wait(pid)
		if failure == nil {
			failure = err
		}
		c.end(string(answer), failure)
	}()
	return c
}

func start(args []string) (pid int, output *os.File, err error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return 0, nil, err
	}
	defer syscall.Close(ends[1])
	pid, err = syscall.ForkExec("/proc/self/exe", append([]string{os.Args[0]}, args...), &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, uintptr(ends[1]), 2},
	})
	if err != nil {
		syscall.Close(ends[0])
		return 0, nil, err
	}
	return pid, os.NewFile(uintptr(ends[0]), "answer"), nil
}

func wait(pid int) error {
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(pid, &status, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return err
		case status.Signaled():
			return errors.New("signal: " + status.Signal().String())
		case status.ExitStatus() != 0:
			return errors.New("exit status " + itoa(status.ExitStatus()))
		default:
			return nil
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func (c *Call) end(answer string, err error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if err != nil {
		answer = ""
	}
	c.answer, c.err = answer, err
	c.over.Store(true)
	c.ended.Broadcast()
}

func (c *Call) Ready() bool { return c.over.Load() }

func (c *Call) Get() (answer string, err error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for !c.over.Load() {
		c.ended.Wait()
	}
	return c.answer, c.err
}

func (c *Call) Then(f func(answer string, err error)) {
	go func() { f(c.Get()) }()
}
