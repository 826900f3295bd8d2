// The end is that of a context, and the callbacks are its AfterFuncs.

package asynccall

import (
	"context"
	"os"
	"os/exec"
	"strings"
)

type Call struct {
	ctx context.Context
}

type result struct{ answer string }

func (r *result) Error() string { return "answered" }

func Begin(args ...string) *Call {
	ctx, cancel := context.WithCancelCause(context.Background())
	cmd := exec.CommandContext(context.Background(), "/proc/self/exe", args...)
	if exe, err := os.Executable(); err == nil {
		cmd.Path = exe
		cmd.Args[0] = exe
	}
	cmd.Args = append([]string(nil), cmd.Args...)
	var out strings.Builder
	cmd.Stdout = &out
	cmd.Stderr = os.Stderr
	cmd.Stdin = os.Stdin
	if err := cmd.Start(); err != nil {
		cancel(err)
		return &Call{ctx}
	}
	go func() {
		if err := cmd.Wait(); err != nil {
			cancel(err)
			return
		}
		cancel(&result{out.String()})
	}()
	return &Call{ctx}
}

func (c *Call) Ready() bool { return c.ctx.Err() != nil }

func (c *Call) Get() (string, error) {
	<-c.ctx.Done()
	err := context.Cause(c.ctx)
	if r, ok := err.(*result); ok {
		return r.answer, nil
	}
	return "", err
}

func (c *Call) Then(f func(string, error)) {
	context.AfterFunc(c.ctx, func() { f(c.Get()) })
}
