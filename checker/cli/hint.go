package cli

import (
	"context"
	"strings"

	"forklings/checker/grade"
	"forklings/checker/hints"
	memory "forklings/checker/progress"
	"forklings/checker/render"
	"forklings/checker/result"
)

// hint shows the hints for the mistake that was made, up to the first that was not seen yet.
func hint(ctx context.Context, c *call) error {
	if c.isSet("n") && (c.opt.number < 1 || c.opt.number > hints.Count) {
		return usage("-n %d: a number from 1 to %d", c.opt.number, hints.Count)
	}
	m, h, e, ok, err := c.one(ctx)
	if err != nil {
		return err
	}
	defer m.tell()
	mistake := hints.Start
	s, made := memory.First(e)
	switch {
	case !ok:
		return c.printf("%s\n", c.lang.Text("Every exercise passes: there is nothing to hint at."))
	case e.Status == result.Pass:
		c.afterwards(m.first)
		return c.printf("%s\n", c.lang.Sprintf("%[1]s passes. `go run ./cmd/checker solution -diff %[1]s` shows the solution beside yours.", e.Name))
	case e.Fault:
		render.Exercise(c.Err, e, render.Style{Lang: c.lang, Width: c.Width})
		return status{CannotJudge, c.lang.Sprintf("%s could not be judged; that is not your fault", e.Name)}
	case e.Message != "" && e.Status == result.Error:
		if err := c.printf("%s\n\n%s\n", c.lang.Sprintf("%s does not compile yet:", e.Name), e.Message); err != nil {
			return err
		}
		return status{Failed, ""}
	case made:
		mistake = s.Mistake
		c.printf("%s\n", c.lang.Sprintf("%[1]s: %[2]s, in %[3]s:%[4]d", e.Name, mistake, s.File, s.Line))
		if mistake == "crashes" {
			c.lastWords(s.Output)
		}
	default:
		c.printf("%s\n", c.lang.Sprintf("%s: for a start", e.Name))
	}
	from, to := 1, min(m.store.Revealed(e.Name, mistake)+1, hints.Count)
	switch {
	case c.opt.all:
		to = hints.Count
	case c.isSet("n"):
		from, to = c.opt.number, c.opt.number
	}
	for n := from; n <= to; n++ {
		text := grade.Hint(h.Exercise, c.lang, mistake, n)
		if text == "" {
			return status{CannotJudge, c.lang.Sprintf("the kit has no hint for %[1]s of %[2]s", mistake, e.Name)}
		}
		if err := c.printf("\n%d. %s\n", n, strings.Join(render.Fill(text, c.columns()-3), "\n   ")); err != nil {
			return err
		}
	}
	m.store.Reveal(e.Name, mistake, to)
	if to < hints.Count && m.store.Trouble() != "" { // this one would come again
		return c.printf("\n%s\n", c.lang.Sprintf("Hint %[1]d of %[2]d; nothing is remembered here. The next one: go run ./cmd/checker hint -n %[4]d %[3]s; all of them: -all", to, hints.Count, e.Name, to+1))
	}
	if to < hints.Count {
		return c.printf("\n%s\n", c.lang.Sprintf("Hint %[1]d of %[2]d. The next one: go run ./cmd/checker hint %[3]s", to, hints.Count, e.Name))
	}
	return nil
}

// lastWords shows the end of what a program wrote: a crash says there why.
func (c *call) lastWords(output string) {
	const most = 12
	lines := strings.Split(strings.Trim(output, "\n"), "\n")
	if output = lines[0]; len(lines) == 1 && output == "" {
		return
	}
	c.printf("\n%s\n", c.lang.Text("The last lines of its output:"))
	for _, line := range lines[max(len(lines)-most, 0):] {
		c.printf("    %s\n", strings.ReplaceAll(line, "\t", "    "))
	}
}
