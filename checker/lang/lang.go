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

// catalogues are the texts by the English ones. English has none.
var catalogues = map[Lang]func() map[string]string{Chinese: chinese}

// Sprintf is fmt.Sprintf with the format of this language; what of its arguments is Words, or an error of Errorf, speaks it too. A
// format that its catalogue lacks stays English. The format is a literal: a test finds it in the source.
func (l Lang) Sprintf(format string, args ...any) string {
	said := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case Words:
			said[i] = l.Say(a)
		case error:
			said[i] = l.Error(a)
		default:
			said[i] = a
		}
		if text, ok := said[i].(string); ok && l == Chinese {
			said[i] = edged(text)
		}
	}
	return closed(fmt.Sprintf(l.Text(format), said...))
}

// Text is a text of this language. It is a literal, as of Sprintf.
func (l Lang) Text(english string) string {
	if catalogue := catalogues[l]; catalogue != nil {
		if text, ok := catalogue()[english]; ok {
			return text
		}
	}
	return english
}

// Words are a text, or a format, that is written down in one place and said in another.
type Words struct{ english string }

// Mark makes words of a literal.
func Mark(english string) Words { return Words{english} }

// String gives them in English.
func (w Words) String() string { return w.english }

// Say is what the words say in this language, with the arguments that they have verbs for.
func (l Lang) Say(w Words, args ...any) string {
	if len(args) == 0 {
		return l.Text(w.english)
	}
	return l.Sprintf(w.english, args...)
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

// UTF8 reports whether the environment's locale (locale(7)) writes UTF-8. One that is not set at all, as in many a container, is
// believed to: nobody has said otherwise.
func UTF8(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(getenv(name)); value != "" {
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return true
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
