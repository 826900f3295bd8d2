// Package lang gives the words that a learner reads, in the language that was asked for.
//
// The English text is in the code, as the format of a Sprintf, and is the key of every other language's catalogue, as in
// gettext(3). The catalogue is not golang.org/x/text/message's, which writes the PID 12345 as 12,345.
package lang

import (
	"fmt"
	"strings"
)

// Lang is a language: "en" or "zh". The zero value is English.
type Lang string

// The languages that the kit speaks.
const (
	English Lang = "en"
	Chinese Lang = "zh"
)

// All are the languages, English first.
var All = []Lang{English, Chinese}

var catalogues = map[Lang]map[string]string{Chinese: chinese}

// Sprintf is fmt.Sprintf with the format of this language. A format that its catalogue lacks stays English.
func (l Lang) Sprintf(format string, args ...any) string {
	return fmt.Sprintf(l.Text(format), args...)
}

// Text is a text of this language, or a format.
func (l Lang) Text(english string) string {
	if text, ok := catalogues[l][english]; ok {
		return text
	}
	return english
}

// Parse takes a language's name, as for -lang, or a locale's, such as zh_CN.UTF-8; ok is false when the kit does not speak it.
func Parse(name string) (l Lang, ok bool) {
	name, _, _ = strings.Cut(strings.ToLower(name), ".")
	name, _, _ = strings.Cut(strings.ReplaceAll(name, "-", "_"), "_")
	switch name {
	case "zh":
		return Chinese, true
	case "en", "c", "posix":
		return English, true
	}
	return English, false
}

// FromEnvironment is the language of messages (locale(7)): of LC_ALL, LC_MESSAGES and LANG, the first that is set decides.
func FromEnvironment(getenv func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			l, _ := Parse(value)
			return l
		}
	}
	return English
}

// Texts are one text in several languages.
type Texts map[Lang]string

// In is the text in that language; where it is missing, in English.
func (t Texts) In(l Lang) string {
	if text := t[l]; text != "" {
		return text
	}
	return t[English]
}
