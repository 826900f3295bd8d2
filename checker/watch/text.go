package watch

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"forklings/checker/render"
	"forklings/checker/result"
)

// cleaned is the verdict without anything that a terminal would take for a command: learners' programs, compilers and file names
// may have put it there.
func cleaned(e result.Exercise) result.Exercise {
	fields := []*string{&e.Name, &e.Title, &e.Message}
	e.Scenarios = append([]result.Scenario(nil), e.Scenarios...)
	for i := range e.Scenarios {
		s := &e.Scenarios[i]
		s.Timeline = append([]result.Event(nil), s.Timeline...)
		for j := range s.Timeline {
			v := &s.Timeline[j]
			fields = append(fields, &v.Who, &v.What, &v.Detail, &v.Other, &v.Object)
		}
		fields = append(fields, &s.Name, &s.Title, &s.Mistake, &s.Because, &s.Expected, &s.Actual, &s.File, &s.Hint, &s.Output, &s.Replay, &s.Untraced)
	}
	for _, f := range fields {
		*f = printable(*f)
	}
	return e
}

// printable shows what would move a cursor, change a colour or reverse the writing direction as escapes, and a tab as blanks. Line
// ends stay.
func printable(text string) string {
	odd := func(r rune) bool { return r != '\n' && (!unicode.IsPrint(r) || r == unicode.ReplacementChar) }
	if strings.IndexFunc(text, odd) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\t':
			b.WriteString("    ")
		case r == '\r':
		case odd(r) && r != unicode.ReplacementChar:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// ascii shows a line on a terminal that has no other characters.
var ascii = strings.NewReplacer("│", "|", "┃", "#", "┊", ":", "├", "+", "┌", "+", "└", "+", "─", "-", "…", "...", "·", "-", "✓", "+", "✗", "x",
	"█", "#", "░", ".", "→", "->", "“", `"`, "”", `"`, "‘", "'", "’", "'", "↑", "^", "↓", "v", "▸", ">", "×", "x", "–", "-").Replace

// plain is ascii for all that a line holds; what has no likeness becomes a question mark.
func plain(line string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return '?'
		}
		return r
	}, ascii(line))
}

// chop breaks a line that is too wide anywhere. Colours take no room, and go on in the next part.
func chop(line string, columns int) (parts []string) {
	columns = max(columns, 2)
	for render.Width(line) > columns {
		width, at := 0, 0
		for i := 0; i < len(line); {
			if n := sgr(line[i:]); n > 0 {
				i += n
				continue
			}
			r := []rune(line[i:min(len(line), i+4)])[0]
			w := render.Width(string(r))
			if width+w > columns {
				at = i
				break
			}
			width += w
			i += len(string(r))
		}
		if at == 0 {
			break
		}
		parts, line = append(parts, line[:at]), line[at:]
	}
	return append(parts, line)
}

// sgr is the length of the colour that a text begins with (console_codes(4)).
func sgr(text string) int {
	if !strings.HasPrefix(text, "\x1b[") {
		return 0
	}
	return strings.IndexByte(text, 'm') + 1
}

// uncolored is a line without its colours.
func uncolored(line string) string {
	var b strings.Builder
	for i := 0; i < len(line); {
		if n := sgr(line[i:]); n > 0 {
			i += n
			continue
		}
		b.WriteByte(line[i])
		i++
	}
	return b.String()
}

// lines splits a text, every line no wider than there is room.
func lines(text string, columns int) (all []string) {
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		all = append(all, chop(line, columns)...)
	}
	return all
}

// sentences splits a message, every line no wider than there is room: between words where it can be, and what goes on stands further
// in.
func sentences(text string, columns int) (all []string) {
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		if render.Width(line) <= columns {
			all = append(all, line)
			continue
		}
		words := strings.TrimLeft(line, " ")
		indent := strings.Repeat(" ", min(len(line)-len(words), columns/4))
		first := render.Fill(words, max(columns-len(indent), 10))[0]
		rest, begins := strings.CutPrefix(words, first)
		if !begins { // blanks were lost, which may mean something
			all = append(all, chop(line, columns)...)
			continue
		}
		all = append(all, chop(indent+first, columns)...)
		indent += "    "
		rest = strings.TrimLeft(rest, " ")
		for _, part := range render.Fill(rest, max(columns-len(indent), 10)) {
			if part != "" {
				all = append(all, chop(indent+part, columns)...)
			}
		}
	}
	return all
}

// block is a text without the blanks that all its lines begin with.
func block(text string, columns int) (all []string) {
	for _, line := range dedent(strings.Split(strings.Trim(text, "\n"), "\n")) {
		all = append(all, chop(line, columns)...)
	}
	return all
}

func dedent(all []string) []string {
	least := -1
	for _, line := range all {
		if n := len(line) - len(strings.TrimLeft(line, " ")); line != "" && (least < 0 || n < least) {
			least = n
		}
	}
	for i, line := range all {
		all[i] = line[min(max(least, 0), len(line)):]
	}
	return all
}

// bar is a progress bar without its frame.
func bar(n, of, columns int) (full, rest string) {
	columns = max(columns, 0)
	have := 0
	if of > 0 {
		have = n * columns / of
	}
	return strings.Repeat("█", have), strings.Repeat("░", columns-have)
}

// paint colours a text.
func (m Model) paint(code, text string) string {
	if !m.Color || text == "" {
		return text
	}
	return fmt.Sprintf("\x1b[%sm%s\x1b[0m", code, text)
}

func (m Model) bold(text string) string { return m.paint("1", text) }
func (m Model) dim(text string) string  { return m.paint("2", text) }
