package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/lesson"
	memory "forklings/checker/progress"
	"forklings/checker/render"
	"forklings/checker/result"
)

// home shows the progress, what was learnt by what has just passed, and the verdict of the first exercise that has not.
func home(ctx context.Context, c *call) error {
	if len(c.args) > 0 {
		return c.noCommand(c.args[0])
	}
	course, err := c.course(ctx)
	if err != nil {
		return err
	}
	defer course.tell()
	passed := 0
	for _, e := range course.Exercises {
		if e.Status == result.Pass {
			passed++
		}
	}
	if err := c.printf("%s\n%s\n\n", c.lang.Sprintf("forklings: %d of %d exercises pass", passed, len(course.Exercises)), bar(passed, len(course.Exercises), min(40, c.columns()-2))); err != nil {
		return err
	}
	c.afterwards(course.first)
	next := lesson.Next(course.Exercises)
	if next < 0 {
		return c.printf("%s\n", c.lang.Text("All of them pass. `go run ./cmd/checker summary` shows the way that you have come; -o FILE.html makes a page of it."))
	}
	e := course.Exercises[next]
	c.printf("%s\n\n", c.lang.Sprintf("Next: %s", e.Title))
	if err := render.Exercise(c.Out, e, render.Style{Lang: c.lang, Color: c.Color, Width: c.Width}); err != nil {
		return err
	}
	if s, ok := memory.First(e); ok && s.Hint != "" {
		course.store.Reveal(e.Name, s.Mistake, 1)
	}
	c.printf("\n")
	err = c.steps(course.kit.Exercises[next])
	if err == nil && e.Fault {
		return status{CannotJudge, ""}
	}
	return err
}

// next names the first exercise that has not passed.
func next(ctx context.Context, c *call) error {
	course, err := c.course(ctx)
	if err != nil {
		return err
	}
	defer course.tell()
	at := lesson.Next(course.Exercises)
	if at < 0 {
		return c.printf("%s\n", c.lang.Text("All of them pass. `go run ./cmd/checker summary` shows the way that you have come; -o FILE.html makes a page of it."))
	}
	e := course.Exercises[at]
	c.printf("%s\n\n", c.lang.Sprintf("%[1]s (%[2]d of %[3]d): %[4]s", e.Name, at+1, len(course.Exercises), e.Title))
	return c.steps(course.kit.Exercises[at])
}

// steps say what to do for an exercise.
func (c *call) steps(e kit.Exercise) error {
	readme := filepath.Base(e.Readme(c.lang))
	if _, err := os.Stat(e.Readme(c.lang)); err != nil {
		readme = filepath.Base(e.Readme(lang.English))
	}
	labels := []string{c.lang.Text("read"), c.lang.Text("write"), c.lang.Text("then"), c.lang.Text("stuck")}
	widest := 0
	for _, l := range labels {
		widest = max(widest, render.Width(l))
	}
	for i, what := range []string{"exercises/" + e.Folder + "/" + readme, "exercises/" + e.Folder + "/" + e.File, "go run ./cmd/checker", "go run ./cmd/checker hint " + e.Name} {
		if err := c.printf("  %s  %s\n", render.Pad(labels[i], widest), what); err != nil {
			return err
		}
	}
	return nil
}

// afterwards tells what the last of these passes was for.
func (c *call) afterwards(passed []kit.Exercise) error {
	if len(passed) == 0 {
		return nil
	}
	var names []string
	for _, e := range passed {
		names = append(names, e.Name)
	}
	e := passed[len(passed)-1]
	mark := c.lang.Sprintf("Passed: %s", strings.Join(names, ", "))
	if c.Color {
		mark = "\x1b[32m" + mark + "\x1b[0m"
	}
	c.printf("%s\n\n", mark)
	if text := lesson.Afterwards(e, c.lang); text != "" {
		c.printf("%s\n\n", c.filled(text))
	}
	return c.printf("%s\n  go run ./cmd/checker solution -diff %s\n\n", c.lang.Text("The solution beside yours:"), e.Name)
}

// filled breaks a Markdown text for the columns that there are; the items of its lists hang.
func (c *call) filled(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		item, isItem := strings.CutPrefix(line, "- ")
		switch {
		case isItem:
			lines = append(lines, "- "+strings.Join(render.Fill(item, c.columns()-2), "\n  "))
		default:
			lines = append(lines, render.Fill(line, c.columns())...)
		}
	}
	return strings.Join(lines, "\n")
}

func bar(n, of, width int) string {
	full := 0
	if of > 0 {
		full = n * width / of
	}
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "]"
}
