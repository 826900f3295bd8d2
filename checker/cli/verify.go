package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"forklings/checker/sandbox"
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
	p := c.progress()
	out := p.over(c.Out)
	boxes, err := c.sandboxes(out)
	if err != nil {
		return err
	}
	r, err := verify.Run(ctx, k, verify.Options{
		Exercises: exercises, Sandboxes: boxes, Spread: c.opt.tier == "spread", First: c.opt.first, Repeat: c.opt.repeat, Load: c.opt.load, Jobs: c.opt.jobs,
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
		plural(len(r.Problems), "problem", "problems"), names(boxes))
	c.printf("most effort of a right attempt: %.0f ms of CPU, %d naps (%s)\n", r.Most.CPU*1000, r.Most.Naps, r.MostBy)
	c.printf("slowest scenario: %.1f s (%s)\n", r.Slowest, r.SlowestBy)
	if r.Orders > 0 {
		c.printf("%s in which explored scenarios were played\n", plural(r.Orders, "order", "orders"))
	}
	if len(r.Unshown) > 0 {
		c.printf("%s not refused where a scenario cannot be played\n", plural(len(r.Unshown), "wrong attempt was", "wrong attempts were"))
		for _, who := range r.Unshown {
			c.printf("\t%s\n", who)
		}
	}
	if len(r.Missing) > 0 {
		c.printf("%s missing in unfinished exercises\n", plural(len(r.Missing), "thing is", "things are"))
	}
	if len(r.Problems) > 0 {
		return status{Failed, plural(len(r.Problems), "problem", "problems")}
	}
	return nil
}

// sandboxes are those to verify in: with -tier all or spread, every one that this machine has.
func (c *call) sandboxes(log io.Writer) ([]sandbox.Options, error) {
	if c.opt.tier != "all" && c.opt.tier != "spread" {
		box, err := c.sandbox()
		return []sandbox.Options{box}, err
	}
	boxes := []sandbox.Options{{Tier: sandbox.Subreaper}, {Tier: sandbox.Subreaper, NoLandlock: true, NoPtrace: true}}
	if refused := sandbox.Try().Refused; refused != nil {
		fmt.Fprintf(log, "not played in namespaces, this machine refuses them: %v\n", refused)
		return boxes, nil
	}
	return append([]sandbox.Options{{Tier: sandbox.Namespaces}}, boxes...), nil
}

func names(boxes []sandbox.Options) string {
	var all []string
	for _, b := range boxes {
		name := string(b.Tier)
		if b.NoLandlock {
			name += " without Landlock"
		}
		if b.NoPtrace {
			name += " without ptrace"
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}
