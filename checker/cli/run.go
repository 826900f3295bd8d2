package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"forklings/checker/attempt"
	"forklings/checker/build"
	"forklings/checker/kit"
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
	if err := c.checkRole(e); err != nil {
		return err
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

// checkRole is the error for a role that the program does not have, or that takes other arguments.
func (c *call) checkRole(e kit.Exercise) error {
	roles, err := verify.Roles(e)
	if err != nil {
		return err
	}
	var all []string
	for _, r := range roles {
		all = append(all, "\n  "+r.Usage)
		switch {
		case len(c.args) < 2 || r.Name != c.args[1]:
		case r.Takes(c.args[2:]):
			return nil
		case len(r.Example) > 0:
			return usage("usage: checker run %[1]s %[2]s\nfor example: checker run %[1]s %[3]s", e.Name, r.Usage, quoted(append([]string{r.Name}, r.Example...)))
		default:
			return usage("usage: checker run %s %s", e.Name, r.Usage)
		}
	}
	if len(c.args) < 2 {
		return usage("name a role too; %s has:%s", e.Name, strings.Join(all, ""))
	}
	return usage("%s has no role %q; it has:%s", e.Name, c.args[1], strings.Join(all, ""))
}

// quoted is a line of words as a shell reads it.
func quoted(words []string) string {
	var all []string
	for _, w := range words {
		if w == "" || strings.ContainsFunc(w, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("-_./:=,+@%", r)
		}) {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		all = append(all, w)
	}
	return strings.Join(all, " ")
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
