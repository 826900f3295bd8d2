package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/build"
	"forklings/checker/sandbox"
	"forklings/checker/scenario"
	"forklings/checker/tempdir"
	"forklings/checker/verify"
)

// runCommand runs a program by hand. It is started below a subreaper and not in namespaces, so that ps in
// another terminal shows the same PIDs; what it leaves behind is ended all the same.
func runCommand(ctx context.Context, c *call) error {
	k, err := c.openKit()
	if err != nil {
		return err
	}
	if len(c.args) == 0 {
		return usage("name an exercise and a role, such as: checker run join join-once")
	}
	found, err := find(k, c.args[:1])
	if err != nil {
		return err
	}
	e := found[0]
	if len(c.args) < 2 {
		roles, err := verify.Roles(e)
		if err != nil {
			return err
		}
		return usage("name a role too; %s has %s", e.Name, strings.Join(roles, ", "))
	}
	own, err := attempt.Own(k)
	if err != nil {
		return err
	}
	handed, err := choose(own, found)
	if err != nil {
		return err
	}
	if err := handed[0].Err; err != nil {
		return status{Failed, c.lang.Error(err)}
	}
	dir, remove, err := tempdir.New()
	if err != nil {
		return err
	}
	defer remove()
	for _, name := range []string{"build", "run"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			return err
		}
	}
	p, err := build.Programs(ctx, k, filepath.Join(dir, "build"), handed)
	if err != nil {
		return err
	}
	if message, broken := p.Broken[e.Name]; broken {
		return status{Failed, build.In(c.lang, message)}
	}
	live := scenario.Live{
		Play: scenario.Play{Binary: p.For(e.Name), Program: e.Name, Dir: filepath.Join(dir, "run"), Sandbox: sandbox.Options{Tier: sandbox.Subreaper}, Lang: c.lang},
		Args: c.args[1:], Stdio: [3]int{0, 1, 2},
		Hear: func(ev scenario.Event) { fmt.Fprintf(c.Err, "%7s  %s\n", pid(ev.PID), ev.Text) },
	}
	if c.opt.step {
		null, err := os.Open(os.DevNull)
		if err != nil {
			return err
		}
		defer null.Close()
		live.Stdio[0] = int(null.Fd())
		live.Step = lines(c.In)
		fmt.Fprintln(c.Err, c.lang.Text("Every process stops at every point; Enter lets the one go that waits longest."))
	}
	code, _, err := live.Run(ctx)
	if err != nil && errors.Is(err, ctx.Err()) {
		return err
	}
	if err != nil {
		return status{Failed, c.lang.Error(err)}
	}
	if code != 0 {
		return status{code, ""}
	}
	return nil
}

func pid(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// lines gives a value for every line of input, and is closed at its end.
func lines(in *os.File) <-chan bool {
	out := make(chan bool)
	go func() {
		defer close(out)
		for s := bufio.NewScanner(in); s.Scan(); {
			out <- true
		}
	}()
	return out
}
