package cli

import (
	"context"
	"flag"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"forklings/checker/lang"
	"forklings/checker/render"
)

// widest is how wide text to read may be: longer lines lose the eye.
const widest = 100

func help(_ context.Context, c *call) error {
	if len(c.args) > 1 {
		return usage("one command at a time: checker help %s", c.args[0])
	}
	if len(c.args) > 0 {
		cmd, ok := commands()[c.args[0]]
		if !ok {
			return c.noCommand(c.args[0])
		}
		sub := &call{Streams: c.Streams, lang: c.lang}
		sub.Init("", flag.ContinueOnError)
		if cmd.flags != nil {
			cmd.flags(sub)
		}
		return sub.page(c.args[0], cmd)
	}
	c.paragraph("", c.lang.Text("forklings: a course on processes, graded on real ones"))
	c.printf("\n%sgo run ./cmd/checker [COMMAND]\n", c.lang.Text("usage: "))
	for _, author := range []bool{false, true} {
		if author {
			c.printf("\n%s\n", c.lang.Text("for who writes exercises"))
		} else {
			c.printf("\n")
		}
		for _, name := range slices.Sorted(maps.Keys(commands())) {
			cmd := commands()[name]
			if cmd.author != author {
				continue
			}
			if name == "" {
				name = c.lang.Text("(none)")
			}
			c.item(name, 12, c.lang.Say(cmd.says))
		}
	}
	c.printf("\n")
	c.paragraph("", c.lang.Text("`checker help COMMAND` shows its flags and examples. EXERCISE is a name, a folder or a number: join, 07-join, 7."))
	c.paragraph("", c.lang.Text("Exit status: 0 passed, 1 something did not pass, 2 called wrongly, 3 could not judge, 130 interrupted. "+
		"`go run` makes 1 of all but 0: who reads it builds the command first, go build -o bin/checker ./cmd/checker."))
	return c.printf("")
}

// page writes everything about a command, in the order of a manual page (man-pages(7)).
func (c *call) page(name string, cmd command) error {
	p := pages()[name]
	words := []string{"checker", name, c.lang.Text("[flags]"), cmd.args}
	if cmd.flags == nil {
		words[2] = ""
	}
	synopsis := strings.Join(strings.Fields(strings.Join(words, " ")), " ")
	head := c.lang.Text("usage: ")
	for i, line := range render.Fill(synopsis, max(c.text()-render.Width(head), 20)) {
		if i > 0 {
			head = strings.Repeat(" ", render.Width(head))
		}
		c.printf("%s%s\n", head, line)
	}
	c.printf("\n")
	c.paragraph("", sentence(c.lang, c.lang.Say(cmd.says)))
	for _, text := range p.about {
		c.printf("\n")
		c.paragraph("", c.lang.Say(text))
	}
	c.flagList()
	c.section(c.lang.Text("Examples:"))
	for _, e := range p.examples {
		c.printf("  %s\n", e.command)
		c.paragraph("      ", c.lang.Say(e.says))
	}
	c.section(c.lang.Text("Exit status:"))
	c.item("0", 5, c.lang.Say(p.ok))
	if p.failed != (lang.Words{}) {
		c.item("1", 5, c.lang.Say(p.failed))
	}
	c.item("2", 5, c.lang.Text("the command was called wrongly"))
	c.item("3", 5, c.lang.Text("the machine's or the kit's fault, never the learner's; what it is and what to do is told on the standard error"))
	c.item("130", 5, c.lang.Text("interrupted; nothing is left running"))
	c.item("141", 5, c.lang.Text("nobody reads the output any more, as behind head"))
	for _, part := range []struct {
		title string
		names []string
		says  map[string]lang.Words
	}{{c.lang.Text("Files:"), p.files, files()}, {c.lang.Text("Environment:"), append(slices.Clone(p.environment), always...), variables()}} {
		if len(part.names) == 0 {
			continue
		}
		c.section(part.title)
		for _, name := range part.names {
			c.paragraph("  ", name)
			c.paragraph("      ", c.lang.Say(part.says[name]))
		}
	}
	c.section(c.lang.Text("See also:"))
	return c.printf("  %s\n", strings.Join(p.see, "\n  "))
}

// flagList tells every flag that the command has, with its value when none is given.
func (c *call) flagList() {
	first := true
	c.VisitAll(func(f *flag.Flag) {
		if first {
			c.section(c.lang.Text("Flags:"))
			first = false
		}
		value, text := flag.UnquoteUsage(f)
		c.printf("  %s\n", strings.TrimRight("-"+f.Name+" "+value, " "))
		if f.DefValue != "" && f.DefValue != "0" && f.DefValue != "0s" && f.DefValue != "false" {
			text += c.lang.Sprintf(" (default: %s)", f.DefValue)
		}
		c.paragraph("      ", text)
	})
}

func (c *call) section(title string) { c.printf("\n%s\n", c.paint("1", title)) }

// text is how wide text to read is.
func (c *call) text() int { return min(c.columns(), widest) }

// paragraph writes an indented text, filled.
func (c *call) paragraph(indent, text string) {
	for _, line := range render.Fill(text, c.text()-len(indent)) {
		c.printf("%s%s\n", indent, line)
	}
}

// item writes a name and, beside it, what it is; below it, where the name is too long or the terminal too narrow.
func (c *call) item(name string, room int, text string) {
	head := "  " + render.Pad(name, room-1) + " "
	if render.Width(name) >= room || c.text() < room+30 {
		c.printf("  %s\n", name)
		c.paragraph("      ", text)
		return
	}
	for _, line := range render.Fill(text, c.text()-room-2) {
		c.printf("%s%s\n", head, line)
		head = strings.Repeat(" ", room+2)
	}
}

// sentence makes one of a few words.
func sentence(l lang.Lang, s string) string {
	if s == "" {
		return s
	}
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:] + l.Text(".")
}
