package watch

import (
	"regexp"
	"strings"

	"forklings/checker/render"
)

var (
	item = regexp.MustCompile(`^([0-9]+\.|[-*]) +`)
	link = regexp.MustCompile(`\[([^\]]+)\]\((https?://[^)\s]+)\)`)
	bold = regexp.MustCompile(`\*\*([^*]+)\*\*`)
)

// markdown fills a text for the width, as the kit's READMEs use it: headings in bold, items under each other, code and tables as they
// are, and behind a link its address.
func (m Model) markdown(text string) (all []string) {
	width := min(m.width, 100)
	var paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			all = append(all, m.filled(strings.Join(paragraph, "\n"), width)...)
		}
		paragraph = nil
	}
	fenced := false
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		fence := strings.HasPrefix(line, "```")
		heading := strings.TrimLeft(line, "#")
		switch {
		case fence:
			end()
			fenced = !fenced
		case fenced, line == "", strings.HasPrefix(line, "|"), strings.HasPrefix(line, "    ") && len(paragraph) == 0:
			end()
			all = append(all, chop(line, m.width)...)
		case heading != line:
			end()
			for _, part := range render.Fill(strings.TrimSpace(heading), width) {
				all = append(all, m.bold(part))
			}
		case item.MatchString(line):
			end()
			paragraph = []string{line}
		default:
			paragraph = append(paragraph, strings.TrimSpace(line))
		}
	}
	end()
	return all
}

// filled is a paragraph or an item, whose further lines are indented.
func (m Model) filled(text string, width int) (all []string) {
	mark := item.FindString(text)
	indent := strings.Repeat(" ", len(mark))
	text = link.ReplaceAllString(text[len(mark):], "$1 $2")
	for i, line := range render.Fill(text, max(width-len(mark), 10)) {
		for j, part := range chop(line, max(width-len(mark), 10)) {
			head := indent
			if i+j == 0 {
				head = mark
			}
			all = append(all, head+bold.ReplaceAllStringFunc(part, func(s string) string { return m.bold(strings.Trim(s, "*")) }))
		}
	}
	return all
}
