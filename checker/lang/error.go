package lang

import (
	"fmt"
	"regexp"
	"strings"
)

// message is an error that can be said in every language.
type message struct {
	format string
	args   []any
	plain  error // the same of fmt.Errorf
}

// Errorf is fmt.Errorf for an error that Lang.Error can say in another language. By itself it is English.
func Errorf(format string, args ...any) error {
	return &message{format, args, fmt.Errorf(format, args...)}
}

func (m *message) Error() string { return m.plain.Error() }

// Unwrap gives what %w stands for.
func (m *message) Unwrap() []error {
	switch e := m.plain.(type) {
	case interface{ Unwrap() error }:
		return []error{e.Unwrap()}
	case interface{ Unwrap() []error }:
		return e.Unwrap()
	}
	return nil
}

// Error says an error in this language, as far as it is one of Errorf, or several of them joined.
func (l Lang) Error(err error) string {
	switch e := err.(type) {
	case nil:
		return "<nil>"
	case *message:
		return l.Sprintf(strings.ReplaceAll(l.Text(e.format), "%w", "%v"), e.args...)
	case interface{ Unwrap() []error }:
		var all []string
		for _, one := range e.Unwrap() {
			all = append(all, l.Error(one))
		}
		if strings.Join(english(e.Unwrap()), "\n") == err.Error() {
			return strings.Join(all, "\n")
		}
	}
	return err.Error()
}

func english(errs []error) (all []string) {
	for _, e := range errs {
		all = append(all, e.Error())
	}
	return all
}

// Recognize says in this language a text that was made in English, by another process or for a cache: from one of these formats,
// whose verbs are %s or %v.
func (l Lang) Recognize(english string, known ...Words) string {
	for _, w := range known {
		if found := pattern(w.english).FindStringSubmatch(english); found != nil {
			var args []any
			for _, a := range found[1:] {
				args = append(args, a)
			}
			return l.Say(w, args...)
		}
	}
	return english
}

func pattern(format string) *regexp.Regexp {
	quoted := strings.NewReplacer("%s", "(.+?)", "%v", "(.+?)").Replace(regexp.QuoteMeta(format))
	return regexp.MustCompile("^(?s:" + quoted + ")$")
}

// Reason says why a scenario is skipped, in the words behind its needs.
func (l Lang) Reason(english string) string { return l.Text(english) }
