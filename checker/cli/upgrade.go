package cli

import (
	"context"
	"fmt"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/upgrade"
)

// upgradeCommand brings the kit up to date. What the learner wrote stays, and new stubs are offered for a merge.
func upgradeCommand(ctx context.Context, c *call) error {
	k, err := c.openKit()
	if err != nil {
		return err
	}
	own, err := attempt.Own(k)
	if err != nil {
		return err
	}
	c.remembered(k).Stubs(own.Handed) // as long as these are what was begun from
	p := c.progress()
	p.draw(c.lang.Text("fetching what is new"))
	done, err := upgrade.Run(ctx, k)
	p.clear()
	if err != nil {
		return status{CannotJudge, c.lang.Error(err)}
	}
	if done.From == done.To {
		return c.printf("%s\n", c.lang.Text("The kit is up to date."))
	}
	c.printf("%s\n", c.lang.Sprintf("The kit is upgraded from %[1]s to %[2]s. What you wrote is as you left it; files: %[3]d.", done.From, done.To, len(done.Kept)))
	if k, err = kit.Open(k.Root); err != nil {
		return err
	}
	if own, err = attempt.Own(k); err != nil {
		return err
	}
	changed, _ := c.remembered(k).Stubs(own.Handed)
	c.changedStubs(changed)
	return nil
}

// restored puts right what an upgrade that was ended in its middle has left.
func (c *call) restored(ctx context.Context, k *kit.Kit) {
	if err := upgrade.Restore(ctx, k.Root); err != nil {
		fmt.Fprintln(c.Err, "checker:", c.lang.Error(err))
	}
}
