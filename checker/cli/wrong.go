package cli

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"forklings/checker/kit"
	"forklings/checker/lang"
)

// noCommand is the error for a word that is no command; it names those that are called nearly so.
func (c *call) noCommand(name string) error {
	if _, ok := commands()[name]; ok {
		return usage("flags stand behind the command: checker %s FLAGS", name)
	}
	var near []string
	for _, known := range slices.Sorted(maps.Keys(commands())) {
		if known != "" && kit.Distance(name, known) <= max(1, len(known)/3) {
			near = append(near, known)
		}
	}
	if len(near) > 0 {
		return usage("no command %q; did you mean %s? `checker help` lists them", name, strings.Join(near, c.lang.Text(" or ")))
	}
	return usage("no command %q; `checker help` lists them", name)
}

// What the flag package says is English; these are its messages.
var (
	undefinedFlag = regexp.MustCompile(`^flag provided but not defined: (.*)$`)
	flagAlone     = regexp.MustCompile(`^flag needs an argument: (.*)$`)
	wrongValue    = regexp.MustCompile(`^invalid (?:boolean )?value "(.*)" for (?:flag )?(-[^ :]+): (.*)$`)
)

// misused is the error for flags that the command does not take so.
func (c *call) misused(err error, name string) error {
	more := strings.TrimSpace("checker help " + name)
	said := err.Error()
	if m := undefinedFlag.FindStringSubmatch(said); m != nil {
		return usage("no flag %s; `%s` shows those there are", m[1], more)
	}
	if m := flagAlone.FindStringSubmatch(said); m != nil {
		return usage("the flag %s needs a value; `%s` shows what it takes", m[1], more)
	}
	if m := wrongValue.FindStringSubmatch(said); m != nil {
		return usage("%q is no value for the flag %s; `%s` shows what it takes", m[1], m[2], more)
	}
	return usage("%v; `%s` shows what it takes", errors.New(said), more)
}

// explain says an error in this language, with what to do about it where that is known and not said yet.
func explain(l lang.Lang, err error) string {
	said := l.Error(err)
	if todo := advice(l, err); todo != "" && !strings.Contains(said, "TMPDIR") {
		if strings.Contains(said, "\n") {
			return strings.TrimRight(said, "\n") + "\n" + todo
		}
		said += l.Text("; ") + todo
	}
	return said
}
