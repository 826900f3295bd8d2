package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/grade"
	"forklings/checker/hints"
	"forklings/checker/kit"
	"forklings/checker/render"
	"forklings/checker/result"
)

// home shows the progress, and the verdict of the first exercise that has not passed.
func home(ctx context.Context, c *call) error {
	if len(c.args) > 0 {
		return usage("no command %q; `checker help` lists them", c.args[0])
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	a, err := attempt.Own(k)
	if err != nil {
		return err
	}
	r, err := c.grade(ctx, k, a.Handed)
	if err != nil {
		return err
	}
	passed, next := 0, -1
	for i, e := range r.Exercises {
		if e.Status == result.Pass {
			passed++
		} else if next < 0 {
			next = i
		}
	}
	if err := c.printf("forklings: %d of %d exercises passed\n%s\n\n", passed, len(r.Exercises), bar(passed, len(r.Exercises), min(40, c.columns()-2))); err != nil {
		return err
	}
	if next < 0 {
		return c.printf("All of them pass. `go run ./cmd/checker solution EXERCISE` shows how others wrote it.\n")
	}
	e := r.Exercises[next]
	c.printf("Next: %s\n\n", e.Title)
	if err := render.Exercise(c.Out, e, render.Style{Lang: c.lang, Color: c.Color, Width: c.Width}); err != nil {
		return err
	}
	err = c.printf("\n  read   exercises/%[2]s/README.md\n  write  exercises/%[2]s/%[3]s\n  then   go run ./cmd/checker\n  stuck  go run ./cmd/checker hint %[1]s\n",
		e.Name, k.Exercises[next].Folder, k.Exercises[next].File)
	if err == nil && e.Fault {
		return status{CannotJudge, ""}
	}
	return err
}

func bar(n, of, width int) string {
	full := 0
	if of > 0 {
		full = n * width / of
	}
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "]"
}

func list(_ context.Context, c *call) error {
	k, err := c.openKit()
	if err != nil {
		return err
	}
	a, err := attempt.Own(k)
	if err != nil {
		return err
	}
	for _, h := range a.Handed {
		title, err := h.Exercise.Title(c.lang)
		if err != nil {
			return err
		}
		state := "begun"
		switch {
		case h.Err != nil:
			state = "error"
		case h.Untouched():
			state = "todo"
		}
		if err := c.printf("%2d  %-20s %-6s %s\n", h.Exercise.Number, h.Exercise.Name, state, title); err != nil {
			return err
		}
	}
	return nil
}

// one finds the exercise that was named; without a name, the first that does not pass yet.
func (c *call) one(ctx context.Context, k *kit.Kit) (attempt.Handed, result.Exercise, error) {
	a, err := attempt.Own(k)
	if err != nil {
		return attempt.Handed{}, result.Exercise{}, err
	}
	if len(c.args) > 1 {
		return attempt.Handed{}, result.Exercise{}, usage("one exercise at a time")
	}
	handed := a.Handed
	if len(c.args) == 1 {
		asked, err := find(k, c.args)
		if err != nil {
			return attempt.Handed{}, result.Exercise{}, err
		}
		if handed, err = choose(a, asked); err != nil {
			return attempt.Handed{}, result.Exercise{}, err
		}
	}
	r, err := c.grade(ctx, k, handed)
	if err != nil {
		return attempt.Handed{}, result.Exercise{}, err
	}
	for i, e := range r.Exercises {
		if len(c.args) == 1 || e.Status != result.Pass {
			return handed[i], e, nil
		}
	}
	return attempt.Handed{}, result.Exercise{}, status{OK, "every exercise passes: there is nothing to hint at"}
}

func hint(ctx context.Context, c *call) error {
	if c.opt.number < 1 || c.opt.number > hints.Count {
		return usage("-n %d: a number from 1 to %d", c.opt.number, hints.Count)
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	h, e, err := c.one(ctx, k)
	if err != nil {
		return err
	}
	mistake, where := hints.Start, "for a start"
	switch {
	case e.Status == result.Pass:
		return c.printf("%s passes. `go run ./cmd/checker solution %s` shows how others wrote it.\n", e.Name, e.Name)
	case e.Fault:
		render.Exercise(c.Err, e, render.Style{Lang: c.lang, Width: c.Width})
		return status{CannotJudge, e.Name + " could not be judged; that is not your fault"}
	case e.Message != "" && e.Status == result.Error:
		if err := c.printf("%s cannot be played yet:\n\n%s\n", e.Name, e.Message); err != nil {
			return err
		}
		return status{Failed, ""}
	}
	for _, s := range e.Scenarios {
		if s.Mistake != "" {
			mistake, where = s.Mistake, fmt.Sprintf("%s, in %s:%d", s.Mistake, s.File, s.Line)
			break
		}
	}
	c.printf("%s: %s\n", e.Name, where)
	for n := 1; n <= hints.Count; n++ {
		if !c.opt.all && n != c.opt.number {
			continue
		}
		text := grade.Hint(h.Exercise, c.lang, mistake, n)
		if text == "" {
			return status{CannotJudge, fmt.Sprintf("the kit has no hint for %s of %s", mistake, e.Name)}
		}
		c.printf("\n%d. %s\n", n, strings.Join(render.Fill(text, c.columns()-3), "\n   "))
	}
	if !c.opt.all && c.opt.number < hints.Count {
		return c.printf("\nMore: go run ./cmd/checker hint -n %d %s\n", c.opt.number+1, e.Name)
	}
	return nil
}

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
		_, verdict, err := c.one(ctx, k)
		if err != nil {
			return err
		}
		if verdict.Fault {
			render.Exercise(c.Err, verdict, render.Style{Lang: c.lang, Width: c.Width})
			return status{CannotJudge, e.Name + " could not be judged; that is not your fault. With -give-up the solution is shown all the same"}
		}
		if verdict.Status != result.Pass {
			return status{Failed, fmt.Sprintf("%s does not pass yet. A hint may be enough: checker hint %s. With -give-up the solution is shown all the same", e.Name, e.Name)}
		}
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
