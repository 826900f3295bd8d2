package render

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// tab is how wide a tab is shown, in columns.
const tab = 4

// ellipsis shows that a text was cut.
const ellipsis = "…"

// color matches the sequences that change a terminal's colours (console_codes(4)); they take no room.
var color = regexp.MustCompile("^\x1b\\[[0-9;]*m")

// Width is how many columns of a terminal a line takes: two for what East Asian Width (UAX #11) calls wide, none for a combining
// mark or a colour, and for another control character those of the escape that it is shown as, such as \x1b.
func Width(s string) (columns int) {
	for len(s) > 0 {
		_, width, n := first(s)
		columns, s = columns+width, s[n:]
	}
	return columns
}

// Cut shortens a line to so many columns, the last of which says so with an ellipsis. What fits stays as it is. Colours are kept, also
// those behind the cut.
func Cut(s string, columns int) string { return cut(s, columns, ellipsis) }

func cut(s string, columns int, mark string) string {
	if Width(s) <= columns {
		return s
	}
	for Width(mark) > max(columns, 0) {
		mark = mark[:len(mark)-1] // of dots: as many as fit
		if !utf8.ValidString(mark) {
			mark = ""
		}
	}
	var b strings.Builder
	room, full := columns-Width(mark), false
	for len(s) > 0 {
		text, width, n := first(s)
		switch {
		case text[0] == '\x1b':
			b.WriteString(text)
		case full:
		case width > room:
			full = true
			b.WriteString(mark)
		default:
			b.WriteString(text)
			room -= width
		}
		s = s[n:]
	}
	return b.String()
}

// Pad fills a line up with blanks to so many columns; a longer one stays as it is.
func Pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(columns-Width(s), 0))
}

// first is the character that a text begins with, as a reader counts them (UAX #29), or a colour; its columns, and its bytes.
func first(s string) (text string, columns, bytes int) {
	if seq := color.FindString(s); seq != "" {
		return seq, 0, len(seq)
	}
	if r, n := utf8.DecodeRuneInString(s); r == '\t' {
		return s[:n], tab, n
	} else if r == utf8.RuneError && n == 1 || unicode.IsControl(r) {
		return s[:n], len(escape(s[:n])), n
	}
	text, _, columns, _ = uniseg.FirstGraphemeClusterInString(s, -1)
	return text, columns, len(text)
}

// escape is what a control character, or a byte that is no text, is shown as.
func escape(s string) string {
	return strings.Trim(strconv.QuoteToASCII(s), `"`)
}

// wrap breaks a text at its blanks, and beside a wide character wherever Unicode's line breaking (UAX #14) allows it: between two
// Chinese characters, but not before a comma or behind an opening bracket.
func wrap(text string, room int) []string { return wrapped(text, room, pieces) }

// wrapLong breaks a text as wrap does, and words that are too long for a line, too. What was given to a program, or printed by one,
// is in such texts: of several blanks all are kept.
func wrapLong(text string, room int) []string {
	lines := wrapped(keepBlanks(text), room, func(word string) []string { return short(pieces(word), room) })
	for i, line := range lines {
		lines[i] = strings.ReplaceAll(line, blank, " ")
	}
	return lines
}

// blank stands for one that belongs to a word: of private use, one column wide.
const blank = "\ue000"

// keepBlanks makes all blanks behind another one such.
func keepBlanks(text string) string { return strings.ReplaceAll(text, "  ", " "+blank) }

func wrapped(text string, room int, pieces func(word string) []string) (lines []string) {
	line, width := "", 0
	for _, word := range strings.Fields(text) {
		gap := " "
		if line == "" {
			gap = ""
		}
		for _, piece := range pieces(word) {
			if n := Width(piece); line == "" || width+len(gap)+n <= room {
				line, width = line+gap+piece, width+len(gap)+n
			} else {
				lines, line, width = append(lines, line), piece, n
			}
			gap = ""
		}
	}
	return append(lines, line)
}

// short breaks parts that are too long for a line on their own: behind the last mark between parts of a path, a list or an
// assignment that fits, else anywhere.
func short(parts []string, room int) (fit []string) {
	for _, part := range parts {
		for Width(part) > room {
			line := chop(part, room)[0]
			if i := strings.LastIndexAny(line, "/:,;=&?-"); i >= len(line)/3 {
				line = line[:i+1]
			}
			if len(line) == len(part) {
				break // one character
			}
			fit, part = append(fit, line), part[len(line):]
		}
		fit = append(fit, part)
	}
	return fit
}

// pieces are the parts of a word between which a line may end.
func pieces(word string) (parts []string) {
	if !strings.ContainsFunc(word, wide) {
		return []string{word}
	}
	whole, state, part := word, -1, ""
	for len(word) > 0 {
		var segment string
		segment, word, _, state = uniseg.FirstLineSegmentInString(word, state)
		part += segment
		last, _ := utf8.DecodeLastRuneInString(segment)
		next, _ := utf8.DecodeRuneInString(word)
		if (wide(last) || wide(next)) && !marked(whole[:len(whole)-len(word)], word) || word == "" {
			parts, part = append(parts, part), ""
		}
	}
	return parts
}

// marked reports whether a line that ended here would part what is emphasized, or code, from one of its marks.
func marked(before, after string) bool {
	for _, mark := range []string{"*", "`"} {
		open := strings.Count(strings.ReplaceAll(before, mark+mark, mark), mark)%2 == 1
		if open && (strings.HasSuffix(before, mark) || strings.HasPrefix(after, mark)) {
			return true
		}
	}
	return false
}

func wide(r rune) bool { return r >= 0x1100 && uniseg.StringWidth(string(r)) == 2 }

// chop breaks a line anywhere, so that no part takes more than so many columns.
func chop(line string, room int) (parts []string) {
	part, width := "", 0
	for len(line) > 0 {
		text, columns, n := first(line)
		if width+columns > room && part != "" {
			parts, part, width = append(parts, part), "", 0
		}
		part, width, line = part+text, width+columns, line[n:]
	}
	return append(parts, part)
}

// glue joins two lines of a paragraph: with a blank, but for two that meet in Chinese, or at Chinese punctuation.
func glue(a, b string) string {
	last, _ := utf8.DecodeLastRuneInString(a)
	next, _ := utf8.DecodeRuneInString(b)
	mark := func(r rune) bool { return wide(r) && !unicode.IsLetter(r) && !unicode.IsNumber(r) }
	if a == "" || wide(last) && wide(next) || mark(last) || mark(next) {
		return a + b
	}
	return a + " " + b
}
