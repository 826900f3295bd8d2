package cli

import (
	"context"
	"errors"

	"forklings/checker/verify"
)

func verifyCommand(ctx context.Context, c *call) error {
	if c.opt.repeat < 1 || c.opt.load < 0 || c.opt.jobs < 0 {
		return usage("-repeat is a number from 1, -load and -jobs from 0")
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	exercises, err := find(k, c.args)
	if err != nil {
		return err
	}
	box, err := c.sandbox()
	if err != nil {
		return err
	}
	p := c.progress()
	out := p.over(c.Out)
	r, err := verify.Run(ctx, k, verify.Options{
		Exercises: exercises, Sandbox: box, Repeat: c.opt.repeat, Load: c.opt.load, Jobs: c.opt.jobs,
		For: c.opt.limit, Only: c.opt.only, Verbose: c.opt.verbose, Log: out, Progress: p.verified,
	})
	p.clear()
	if errors.Is(err, verify.ErrNothing) {
		return status{Usage, err.Error()}
	}
	if err != nil {
		return err
	}
	c.printf("%s, %s, %s (%s)\n", plural(r.Verdicts, "verdict", "verdicts"), plural(r.Scenarios, "scenario", "scenarios"),
		plural(len(r.Problems), "problem", "problems"), box.Tier)
	c.printf("most effort of a right attempt: %.0f ms of CPU, %d naps (%s)\n", r.Most.CPU*1000, r.Most.Naps, r.MostBy)
	c.printf("slowest scenario: %.1f s (%s)\n", r.Slowest, r.SlowestBy)
	if len(r.Missing) > 0 {
		c.printf("%s missing in unfinished exercises\n", plural(len(r.Missing), "thing is", "things are"))
	}
	if len(r.Problems) > 0 {
		return status{Failed, plural(len(r.Problems), "problem", "problems")}
	}
	return nil
}
