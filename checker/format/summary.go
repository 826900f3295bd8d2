package format

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"forklings/checker/result"
)

// mostSummary is less than the MiB that GitHub takes of a step.
const mostSummary = 1000 << 10

// summary is a page in Markdown: a table of the exercises, and every test that did not pass in full, with its timeline.
func summary(w io.Writer, r *result.Result, m Meta) error {
	r = clean(r)
	_, err := w.Write(fit(mostSummary, func(most int) []byte { return markdown(r, m, most) }))
	return err
}

func markdown(r *result.Result, m Meta, most int) []byte {
	l := m.Style.Lang
	all := tests(r, m)
	points, full := sum(all)
	var b bytes.Buffer
	fmt.Fprintf(&b, "## forklings: %s\n\n", l.Sprintf("%s of %s points", number(points), number(full)))
	fmt.Fprintf(&b, "| %s | %s | %s | %s |\n|---|---|---|---|\n", l.Text("exercise"), l.Text("verdict"), l.Text("points"), l.Text("mistakes"))
	for i := range r.Exercises {
		e := &r.Exercises[i]
		var own []test
		var mistakes []string
		for _, t := range all {
			if t.exercise != e {
				continue
			}
			own = append(own, t)
			if t.Mistake != "" && !slices.Contains(mistakes, t.Mistake) {
				mistakes = append(mistakes, t.Mistake)
			}
		}
		have, could := sum(own)
		got := number(have) + " / " + number(could)
		if e.Extra {
			got = l.Sprintf("%s extra", number(have))
		}
		fmt.Fprintf(&b, "| %d %s | %s | %s | %s |\n", e.Number, plain(e.Name), mark(e.Status), got, plain(strings.Join(mistakes, ", ")))
	}
	for _, t := range all {
		if detail := t.detail(most); detail != "" && detail != m.Style.Lang.Sprintf("see %s", t.first) && t.exercise.Status != result.Todo {
			fmt.Fprintf(&b, "\n<details><summary>%s: %s</summary>\n\n%s\n</details>\n", plain(t.name), plain(t.headline(m)), fenced(detail))
		}
	}
	b.WriteString("\n")
	return b.Bytes()
}

func mark(s result.Status) string {
	switch s {
	case result.Pass:
		return "✅ pass"
	case result.Todo:
		return "⬜ todo"
	case result.Error:
		return "⚠️ error"
	}
	return "❌ " + string(s)
}

// plain is text that Markdown and HTML find nothing in.
func plain(text string) string {
	var b strings.Builder
	for _, r := range html.EscapeString(text) {
		if strings.ContainsRune("\\`*_{}[]()!|~@#", r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// fenced is a block of code, in a fence that is longer than any in it.
func fenced(text string) string {
	longest := 0
	run := 0
	for _, r := range text {
		if run++; r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", max(longest+1, 3))
	return fence + "text\n" + text + "\n" + fence
}
