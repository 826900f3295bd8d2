package cli

import (
	"context"
	"strings"

	"forklings/checker/render"
)

// mark is how a finding of the doctor begins.
type mark string

const (
	good mark = "ok" // as it should be
	less mark = "--" // less than there could be; verdicts are the same
	bad  mark = "NO" // keeps this machine from grading
)

// finding is one thing that the doctor has tried.
type finding struct {
	mark       mark
	what, text string
	todo       string // what to do; "" when there is nothing
}

// doctor says what this machine allows and what follows from it. It fails when nothing can be judged here.
func doctor(_ context.Context, c *call) error {
	k, err := c.openKit()
	checks := []func() []finding{
		func() []finding { return c.examineKit(k, err) },
		c.examineSystem,
		func() []finding { return c.examineGo(k) },
		func() []finding { return c.examineModules(k) },
		func() []finding { return c.examineEnvironment(k) },
		func() []finding { return c.examinePlaces(k) },
		c.examineRoom,
		c.examineSandbox,
		c.examineTracing,
	}
	refused := 0
	for _, check := range checks {
		for _, f := range check() {
			if f.mark == bad {
				refused++
			}
			if err := c.finding(f); err != nil {
				return err
			}
		}
	}
	switch {
	case refused == 1:
		return status{CannotJudge, c.lang.Text("1 thing keeps this machine from grading")}
	case refused > 1:
		return status{CannotJudge, c.lang.Sprintf("%d things keep this machine from grading", refused)}
	case c.Width > 0:
		c.printf("\n")
		c.paragraph("", c.lang.Text("This machine can grade. Begin with: go run ./cmd/checker"))
	}
	return nil
}

// finding writes one, filled to the terminal; where there is none, in one line, and one for what to do.
func (c *call) finding(f finding) error {
	const room = 12
	head := c.paint(map[mark]string{good: "32", less: "33", bad: "31"}[f.mark], string(f.mark)) + "  " + render.Pad(f.what, room) + " "
	rest := strings.Repeat(" ", 4+room+1)
	for _, text := range []string{f.text, f.todo} {
		lines := []string{text}
		switch {
		case text == "":
			continue
		case c.Width > 0 && c.Width < 60: // no room for two columns
			lines = render.Fill(text, max(c.Width-4, 20))
			if text == f.text {
				head = strings.TrimRight(head, " ") + "\n    "
			}
			rest = "    "
		case c.Width > 0:
			lines = render.Fill(text, c.text()-len(rest))
		}
		for _, line := range lines {
			if err := c.printf("%s%s\n", head, line); err != nil {
				return err
			}
			head = rest
		}
	}
	return nil
}
