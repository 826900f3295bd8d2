package format

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"forklings/checker/result"
)

// The most bytes of each text that any form but JSON shows.
const (
	mostOutput = 16 << 10
	mostText   = 8 << 10
	mostLine   = 1 << 10
)

// clean is a copy of the result whose texts are safe to go on with: UTF-8 without control characters, none too long, and one
// line where a form expects one.
func clean(r *result.Result) *result.Result {
	out := *r
	line := func(s *string) { *s = cut(oneLine(tame(cut(*s, mostLine))), mostLine) }
	told := func(s *string) { *s = cut(strings.TrimSpace(strings.Map(blanks, tame(cut(*s, mostLine)))), mostLine) }
	text := func(s *string, most int) { *s = cut(tame(cut(*s, most)), most) }
	line(&out.Kit)
	line(&out.Tier)
	line(&out.Walls)
	out.Exercises = slices.Clone(r.Exercises)
	for i := range out.Exercises {
		e := &out.Exercises[i]
		line(&e.Name)
		line(&e.Title)
		text(&e.Message, mostText)
		e.Scenarios = slices.Clone(e.Scenarios)
		for j := range e.Scenarios {
			s := &e.Scenarios[j]
			for _, field := range []*string{&s.Name, &s.Title, &s.Mistake, &s.File, &s.Replay} {
				line(field)
			}
			for _, field := range []*string{&s.Because, &s.Expected, &s.Actual, &s.Hint, &s.Untraced} {
				text(field, mostText)
			}
			text(&s.Output, mostOutput)
			s.Timeline = slices.Clone(s.Timeline)
			for k := range s.Timeline {
				for _, field := range []*string{&s.Timeline[k].Who, &s.Timeline[k].Detail, &s.Timeline[k].Other, &s.Timeline[k].Object} {
					line(field)
				}
				told(&s.Timeline[k].What)
			}
		}
	}
	return &out
}

// blanks makes one line of several, in which an argument with two blanks has both.
func blanks(r rune) rune {
	if unicode.IsSpace(r) {
		return ' '
	}
	return r
}

// tame is printable without what GitHub's runner obeys anywhere in a line.
func tame(text string) string { return strings.ReplaceAll(printable(text), "##[", `##\[`) }

// printable shows bytes that are no text, and what would move a cursor or turn the direction of reading, as escapes.
func printable(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case r == '\n' || r == '\t' || unicode.IsGraphic(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
		text = text[n:]
	}
	return b.String()
}

// cut leaves out the middle of what is longer than so many bytes, and says so.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	note := fmt.Sprintf(" [%d bytes left out] ", len(text)-most)
	room := max(most-len(note)-4, 0)
	head, tail := room*2/3, len(text)-room/3
	for i := 0; i < utf8.UTFMax && head > 0 && !utf8.RuneStart(text[head]); i++ {
		head--
	}
	for i := 0; i < utf8.UTFMax && tail < len(text) && !utf8.RuneStart(text[tail]); i++ {
		tail++
	}
	return text[:head] + note + text[tail:]
}

// quiet takes the power from what GitHub's runner would obey in a log: ##[command] anywhere in a line, and ::command:: where
// nothing but blanks stands before it.
func quiet(text string) string {
	text = strings.ReplaceAll(text, "##[", `##\[`)
	if !strings.Contains(text, "::") {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if rest := strings.TrimSpace(line); strings.HasPrefix(rest, "::") {
			lines[i] = line[:strings.Index(line, "::")] + `\` + line[strings.Index(line, "::"):]
		}
	}
	return strings.Join(lines, "\n")
}

// fit makes a form with less and less of each text, until it is no longer than its reader takes.
func fit(limit int, form func(most int) []byte) []byte {
	for most := mostOutput; ; most /= 2 {
		if out := form(most); len(out) <= limit || most < 64 {
			return out
		}
	}
}
