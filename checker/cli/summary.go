package cli

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/grade"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/lesson"
	"forklings/checker/render"
)

// summary tells the way through the course, or through a chapter: what was learnt, and which mistakes were made.
func summary(ctx context.Context, c *call) error {
	if c.opt.out != "" { // better now than after the work
		if err := writable(c.opt.out); err != nil {
			return status{CannotJudge, c.lang.Error(err)}
		}
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	chapters, err := k.Chapters()
	if err != nil {
		return err
	}
	title := c.lang.Text("forklings: the course so far")
	if len(c.args) > 0 {
		chapter, err := c.chapter(chapters, strings.Join(c.args, " "))
		if err != nil {
			return err
		}
		chapters = []kit.Chapter{chapter}
		title = c.lang.Sprintf("forklings: the chapter %s", chapter.Title.In(c.lang))
	}
	m, err := c.course(ctx)
	if err != nil {
		return err
	}
	defer m.tell()
	options, err := c.sandbox()
	if err != nil {
		return err
	}
	page := strings.HasSuffix(c.opt.out, ".html")
	p := c.progress()
	if page {
		p.draw(c.lang.Text("playing what passes, for its timelines"))
	}
	g := &grade.Grader{Kit: k, Sandbox: options, Lang: c.lang}
	s := render.Summary{Title: title}
	s.Chapters, err = lesson.Summarize(ctx, g, m.store, chapters, m.handed, m.Exercises, page)
	p.clear()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if page {
		err = s.Page(&b, c.lang)
	} else {
		err = s.Text(&b, render.Style{Lang: c.lang, Color: c.Color && c.opt.out == "", Width: c.Width})
	}
	switch {
	case err != nil:
		return err
	case c.opt.out == "":
		return c.printf("%s", b.Bytes())
	}
	if err := writeWhole(c.opt.out, b.Bytes()); err != nil {
		return err
	}
	fmt.Fprintln(c.Err, "checker:", c.lang.Sprintf("%s is written", c.opt.out))
	return nil
}

// chapter finds one by its number, or by a part of its title in any language.
func (c *call) chapter(chapters []kit.Chapter, asked string) (kit.Chapter, error) {
	var found []kit.Chapter
	for _, chapter := range chapters {
		if strconv.Itoa(chapter.Number) == asked {
			return chapter, nil
		}
		if slices.ContainsFunc(lang.All, func(l lang.Lang) bool {
			return strings.Contains(strings.ToLower(chapter.Title[l]), strings.ToLower(asked))
		}) {
			found = append(found, chapter)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	var all []string
	for _, chapter := range chapters {
		all = append(all, fmt.Sprintf("%d %s", chapter.Number, chapter.Title.In(c.lang)))
	}
	return kit.Chapter{}, usage("%q is not one chapter; there are:\n  %s", asked, strings.Join(all, "\n  "))
}
