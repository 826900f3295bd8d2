package cli

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/outline"
	"forklings/checker/render"
	"forklings/checker/result"
)

// From how many columns on the list has room for a title, and for what the exercise is in Python, too.
const (
	withTitle  = 60
	withPython = 110
	piped      = 100 // as wide it is where there is no terminal
)

// listText writes the chapters as a table as wide as the terminal; where there is none, as plain lines with their titles in full.
func (c *call) listText(chapters []listedChapter) error {
	width := c.Width
	name, state, about, done, of := 0, 0, 0, 0, 0
	for _, chapter := range chapters {
		done, of = done+chapter.Passed, of+chapter.Of
		for _, e := range chapter.Exercises {
			name, about = max(name, render.Width(e.Name)), max(about, render.Width(e.about))
		}
	}
	for s := range statusColor {
		state = max(state, render.Width(render.Status(c.lang, s)))
	}
	used := 4 + name + 2 + state + 2
	python := 0 // columns for it
	switch {
	case width == 0:
		if python = piped - used - about - 2; python < 12 { // no word would be whole
			python = 0
		}
	case width < withPython:
		about = width - used
	default:
		about = min(about, (width-used)*3/5)
		python = width - used - about - 2
	}
	for i, chapter := range chapters {
		if i > 0 {
			c.printf("\n")
		}
		count := fmt.Sprintf("%d/%d", chapter.Passed, chapter.Of)
		c.printf("%s  %s\n", c.paint("1", c.cut(chapter.Title, width-2-len(count))), c.paint("2", count))
		for _, e := range chapter.Exercises {
			line := fmt.Sprintf("%3d %s  %s", e.Number, render.Pad(e.Name, name), c.paint(statusColor[e.status], render.Pad(render.Status(c.lang, e.status), state)))
			if width == 0 || width >= withTitle {
				line += "  " + c.cut(e.about, about)
			}
			if p := plainCode(e.Python); p != "" && python > 0 {
				if p = c.cut(p, python); width == 0 {
					p = render.Cut(p, python)
				}
				line = render.Pad(line, used+about) + "  " + p
			}
			if err := c.printf("%s\n", strings.TrimRight(c.cut(line, width), " ")); err != nil {
				return err
			}
		}
	}
	if c.Width > 0 && len(c.args) == 0 && c.opt.chapter == "" && c.opt.state == "" {
		return c.printf("\n%s\n", strings.Join(render.Fill(c.lang.Sprintf("%d of %d exercises pass. `checker list WORD` searches, also by Python's names: `checker list waitpid`.", done, of), c.columns()), "\n"))
	}
	return nil
}

var statusColor = map[result.Status]string{result.Pass: "32", result.Fail: "31", result.Error: "31", result.Todo: "2", "": "33"}

// cut shortens a text to what there is room for on a terminal; elsewhere nothing is cut. Where the locale has no UTF-8, the
// ellipsis is three dots.
func (c *call) cut(s string, columns int) string {
	if !c.utf8() {
		s = strings.ReplaceAll(s, "…", "...")
	}
	switch {
	case c.Width == 0 || render.Width(s) <= columns:
		return s
	case c.utf8():
		return render.Cut(s, columns)
	}
	return strings.TrimSuffix(render.Cut(s, columns-2), "…") + "..."
}

// utf8 reports whether what is written may be more than ASCII.
func (c *call) utf8() bool { return c.lang == lang.Chinese || lang.UTF8(os.Getenv) }

func (c *call) paint(code, s string) string {
	if !c.Color || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

var backticks = regexp.MustCompile("`([^`]*)`")

// plainCode is Markdown without the marks around code.
func plainCode(markdown string) string { return backticks.ReplaceAllString(markdown, "$1") }

// listCalls writes the names in Python's library, those that hold all the words, each with the exercises about it.
func (c *call) listCalls(k *kit.Kit, chapters []kit.Chapter) error {
	if c.opt.chapter != "" || c.opt.state != "" || c.opt.format != "text" {
		return usage("-python stands alone, or with a word that is searched")
	}
	source, err := k.ChaptersSource()
	if err != nil {
		return err
	}
	calls := kit.Calls(chapters)
	for _, name := range source.Without {
		calls = append(calls, kit.Call{Name: name})
	}
	longest, found := 0, 0
	for _, call := range calls {
		longest = max(longest, len(call.Name))
	}
	for _, module := range outline.Modules(calls) {
		for _, call := range module {
			if !matchesCall(c.args, call) {
				continue
			}
			found++
			var names []string
			for _, e := range call.Exercises {
				names = append(names, e.Name)
			}
			text := strings.Join(names, " ")
			if len(names) == 0 {
				text = c.lang.Text("no exercise of its own")
			}
			if err := c.callLine(call.Name, text, longest); err != nil {
				return err
			}
		}
	}
	if found == 0 {
		return status{Failed, c.lang.Text("no call fits; `checker list -python` shows all of them")}
	}
	return nil
}

// callLine writes the name and, where there is room beside it, the exercises; else below it.
func (c *call) callLine(name, text string, longest int) error {
	if c.Width == 0 || c.Width >= longest+24 {
		room := 1 << 20
		if c.Width > 0 {
			room = c.Width - longest - 2
		}
		lines := render.Fill(text, room)
		return c.printf("%s  %s\n", render.Pad(name, longest), strings.Join(lines, "\n"+strings.Repeat(" ", longest+2)))
	}
	return c.printf("%s\n  %s\n", c.cut(name, c.Width), strings.Join(render.Fill(text, c.Width-2), "\n  "))
}

func matchesCall(words []string, call kit.Call) bool {
	for _, word := range words {
		if !kit.Holds(call.Name, kit.Bare(word)) {
			return false
		}
	}
	return true
}
