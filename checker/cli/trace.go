package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/render"
	"forklings/checker/result"
	"forklings/checker/sandbox"
	"forklings/checker/scenario"
	"forklings/checker/tempdir"
)

// traceCommand plays scenarios under the tracer, or runs any program under it.
func traceCommand(ctx context.Context, c *call) error {
	if c.opt.out != "" { // better now than after the work
		if err := writable(c.opt.out); err != nil {
			return status{CannotJudge, c.lang.Error(err)}
		}
	}
	switch {
	case len(c.words) > 0 && len(c.args) == 0 && c.opt.replay == "":
		return c.traceProgram(ctx)
	case len(c.words) > 0:
		return usage("an exercise, or -- and a program: not both")
	case len(c.args) > 0 && c.opt.replay != "":
		return usage("-replay names the exercise and the scenario itself")
	case c.opt.replay != "":
	case len(c.args) == 0:
		return usage("name an exercise, or a program behind --, such as: checker trace join")
	case len(c.args) > 2:
		return usage("one exercise, and one of its scenarios at most")
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	order := ""
	if c.opt.replay != "" {
		r, err := grade.ParseReplay(c.opt.replay)
		if err != nil {
			return usage("%v", err)
		}
		version, err := k.Version()
		if err != nil {
			return err
		}
		if !r.Fits(version) {
			return usage("this order was found with another version of the kit: grade again for one of this version")
		}
		c.args, order = []string{r.Exercise, r.Scenario}, r.Order
	}
	found, err := find(k, c.args[:1])
	if err != nil {
		return err
	}
	only := ""
	if len(c.args) == 2 {
		if only, err = scenarioOf(found[0], c.args[1]); err != nil {
			return err
		}
	}
	a, err := c.readAttempt(k)
	if err != nil {
		return err
	}
	handed, err := choose(a, found)
	if err != nil {
		return err
	}
	box, err := c.sandbox()
	if err != nil {
		return err
	}
	p := c.progress()
	p.draw(c.lang.Text("building"))
	g := &grade.Grader{Kit: k, Sandbox: box, Stubs: true, Trace: grade.TraceAll, Only: only, Order: order, Lang: c.lang}
	r, err := g.Grade(ctx, handed)
	p.clear()
	if err != nil {
		return err
	}
	e := r.Exercises[0]
	if e.Message != "" {
		return status{Failed, c.lang.Sprintf("%s: %s", e.Name, e.Message)}
	}
	all := !slices.ContainsFunc(e.Scenarios, func(s result.Scenario) bool { return s.Status != result.Skip })
	for _, s := range e.Scenarios {
		if s.Status == result.Skip && (s.Name == only || all) {
			return status{CannotJudge, c.lang.Sprintf("%s is not played under the tracer: %s", s.Name, s.Because)}
		}
		if s.Status == result.Error && s.Because != "" {
			return status{CannotJudge, c.lang.Sprintf("%s: %s", s.Name, s.Because)}
		}
	}
	return c.showTimelines(e)
}

// scenarioOf checks that the exercise has a scenario of this name.
func scenarioOf(e kit.Exercise, name string) (string, error) {
	all, err := e.Scenarios()
	if err != nil {
		return "", err
	}
	var names []string
	for _, s := range all {
		if s.Name == name {
			return name, nil
		}
		names = append(names, s.Name)
	}
	return "", usage("%s has no scenario %q; there are %s", e.Name, name, strings.Join(names, ", "))
}

func (c *call) showTimelines(e result.Exercise) error {
	var b bytes.Buffer
	if strings.HasSuffix(c.opt.out, ".html") {
		if err := render.Page(&b, e, c.lang); err != nil {
			return err
		}
	} else {
		style := c.style()
		if err := render.Timelines(&b, e, style); err != nil {
			return err
		}
	}
	if c.opt.out != "" {
		return writeWhole(c.opt.out, b.Bytes())
	}
	return c.printf("%s", b.Bytes())
}

// traceProgram runs a program where we are, with our input and output, and shows the timeline when all that it has
// started has ended.
func (c *call) traceProgram(ctx context.Context) error {
	path, err := exec.LookPath(c.words[0])
	if err != nil {
		return usage("%s: %v", c.words[0], errors.Unwrap(err))
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	cwd, err := os.Getwd()
	if err != nil {
		return err
	}
	dir, remove, err := tempdir.New()
	if err != nil {
		return err
	}
	defer remove()
	live := scenario.Live{
		Play: scenario.Play{Program: "trace", Dir: dir, Sandbox: sandbox.Options{Tier: sandbox.Subreaper}, Trace: true, Files: cwd, Lang: c.lang},
		Path: path, Args: c.words[1:], Cwd: cwd, Stdio: [3]int{0, 1, 2},
		Hear: func(ev scenario.Event) {
			if ev.Kind == "held" {
				fmt.Fprintln(c.Err, "checker:", ev.Text)
			}
		},
	}
	code, events, err := live.Run(ctx)
	if err != nil && ctx.Err() == nil {
		return status{CannotJudge, c.lang.Error(err)}
	}
	e := result.Exercise{Name: filepath.Base(path), Title: strings.Join(c.words, " "), Scenarios: []result.Scenario{{Timeline: events}}}
	if shown := c.showTimelines(e); shown != nil || err != nil {
		return errors.Join(shown, err)
	}
	if code != 0 {
		return status{code, ""}
	}
	return nil
}
