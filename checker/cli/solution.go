package cli

import (
	"context"
	"os"

	"forklings/checker/attempt"
	"forklings/checker/lesson"
	"forklings/checker/render"
	"forklings/checker/result"
)

// solution shows the reference solution after a pass, or how it differs from what was written.
func solution(ctx context.Context, c *call) error {
	if len(c.args) != 1 {
		return usage("name one exercise: checker solution join")
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	found, err := find(k, c.args)
	if err != nil {
		return err
	}
	e := found[0]
	if !c.opt.giveUp {
		m, _, verdict, _, err := c.one(ctx)
		if err != nil {
			return err
		}
		defer m.tell()
		if verdict.Fault {
			render.Exercise(c.Err, verdict, render.Style{Lang: c.lang, Width: c.Width})
			return status{CannotJudge, c.lang.Sprintf("%s could not be judged; that is not your fault. With -give-up the solution is shown all the same", e.Name)}
		}
		if verdict.Status != result.Pass {
			return status{Failed, c.lang.Sprintf("%[1]s does not pass yet. A hint may be enough: checker hint %[1]s. With -give-up the solution is shown all the same", e.Name)}
		}
	}
	if c.opt.diff {
		own, err := attempt.Own(k)
		if err != nil {
			return err
		}
		handed, err := choose(own, found)
		if err != nil {
			return err
		}
		d, err := lesson.Diff(handed[0])
		switch {
		case err != nil:
			return err
		case d == "":
			return c.printf("%s\n", c.lang.Sprintf("What you wrote for %s is the solution, to the letter.", e.Name))
		case c.Color:
			d = lesson.Paint(d)
		}
		return c.printf("%s", d)
	}
	files, err := e.Solution()
	if err != nil {
		return err
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		if err := c.printf("%s", text); err != nil {
			return err
		}
	}
	return nil
}
