package lang

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Chinese format has a blank on both sides of a verb, as between Chinese and Latin letters. Where the argument is Chinese itself,
// that blank is one too many.

// edge stands around an argument that begins or ends in Chinese until the blanks beside it are gone: a noncharacter (Unicode 23.7).
const edge = "\ufdd0"

// piece is such an argument.
type piece string

func (p piece) Format(f fmt.State, verb rune) {
	if verb == 's' || verb == 'v' {
		fmt.Fprint(f, edge+string(p)+edge)
		return
	}
	fmt.Fprintf(f, fmt.FormatString(f, verb), string(p))
}

// edged marks a text that begins or ends in Chinese.
func edged(text string) any {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	if han(first) || han(last) {
		return piece(text)
	}
	return text
}

// closed takes the marks away, and a blank between one of them and Chinese on both its sides.
func closed(text string) string {
	if !strings.Contains(text, edge) {
		return text
	}
	var b strings.Builder
	runes := []rune(text)
	mark, _ := utf8.DecodeRuneInString(edge)
	beside := func(i, step int) rune { // what stands there, marks aside
		for i += step; i >= 0 && i < len(runes); i += step {
			if runes[i] != mark {
				return runes[i]
			}
		}
		return 0
	}
	for i, r := range runes {
		marked := i > 0 && runes[i-1] == mark || i+1 < len(runes) && runes[i+1] == mark
		if r == mark || r == ' ' && marked && han(beside(i, -1)) && han(beside(i, 1)) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// han: a Chinese character, or a mark of Chinese punctuation.
func han(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r < 0x3040 || r >= 0xff01 && r < 0xff61
}
