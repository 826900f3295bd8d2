package history

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/anishathalye/porcupine"
)

// Model is a kind of object: what one process alone would see of it.
type Model struct {
	Args string // usage
	Says string // for the reference

	start func(args []string) (state string, err error)
	// next gives the states that the operation can lead to when it returns this; none: it cannot return this.
	next func(state, call string, result outcome) []string
}

// outcome is what an operation has returned, if it has come back.
type outcome struct {
	text  string
	known bool
}

func (o outcome) String() string {
	if !o.known {
		return "has not come back"
	}
	return o.text
}

// is: the operation has returned this.
func (o outcome) is(text string) bool { return o.known && o.text == text }

// may: the operation has returned this, or nobody knows what it will return.
func (o outcome) may(text string) bool { return !o.known || o.text == text }

// Models are the objects that processes can share. A state is a text.
var Models = map[string]Model{
	"lock": {
		Says:  "one at a time has it: `acquire` returns ok, then `release`",
		start: nothing, next: lock,
	},
	"fifo": {
		Says:  "a queue: `put X` returns ok, `get` returns the X that was put first, or `empty`",
		start: nothing, next: fifo,
	},
	"stock": {
		Args: "N", Says: "a number of things, N at first: `look` returns how many are left, `take` returns sold, or nothing when none is left",
		start: number, next: stock,
	},
}

// Find gives the model of this name, with its arguments bound to it.
func Find(name string, args []string) (Model, error) {
	m, ok := Models[name]
	if !ok {
		return m, fmt.Errorf("no model %q", name)
	}
	state, err := m.start(args)
	if err != nil {
		return m, fmt.Errorf("usage: linearizable %s", strings.TrimSpace(name+" "+m.Args))
	}
	m.start = func([]string) (string, error) { return state, nil }
	return m, nil
}

func (m Model) porcupine() porcupine.Model {
	nondeterministic := porcupine.NondeterministicModel{
		Init: func() []any {
			state, _ := m.start(nil)
			return []any{state}
		},
		Step: func(state, input, output any) (all []any) {
			next := m.next(state.(string), input.(string), output.(outcome))
			if !output.(outcome).known { // perhaps it has done nothing so far
				next = append(next, state.(string))
			}
			for _, s := range slices.Compact(next) {
				all = append(all, s)
			}
			return all
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%v: %v", input, output) },
		DescribeState:     func(state any) string { return fmt.Sprint(state) },
	}
	return nondeterministic.ToModel()
}

func nothing(args []string) (string, error) {
	if len(args) > 0 {
		return "", fmt.Errorf("%q is too much", args)
	}
	return "", nil
}

func number(args []string) (string, error) {
	if len(args) != 1 {
		return "", fmt.Errorf("one number")
	}
	_, err := strconv.ParseUint(args[0], 10, 31)
	return args[0], err
}

func lock(state, call string, result outcome) []string {
	switch {
	case call == "acquire" && result.may("ok") && state == "":
		return []string{"held"}
	case call == "release" && result.may("ok") && state == "held":
		return []string{""}
	}
	return unchanged(state, result, "ok")
}

// fifo keeps the items one after the other, each behind a newline.
func fifo(state, call string, result outcome) []string {
	if item, ok := strings.CutPrefix(call, "put "); ok && result.may("ok") {
		return []string{state + "\n" + strconv.Quote(item)}
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(state, "\n"), "\n")
	if rest != "" {
		rest = "\n" + rest
	}
	switch {
	case call == "get" && state == "" && result.is("empty"):
		return []string{state}
	case call == "get" && state != "" && (!result.known || strconv.Quote(result.text) == first):
		return []string{rest}
	case call == "get":
		return nil
	}
	return unchanged(state, result, "ok")
}

func stock(state, call string, result outcome) []string {
	left, _ := strconv.Atoi(state)
	switch {
	case call == "look":
		if result.may(state) {
			return []string{state}
		}
		return nil
	case call == "take" && left > 0 && result.may("sold"):
		return []string{strconv.Itoa(left - 1)}
	case call == "take" && left == 0 && result.is("nothing"):
		return []string{state}
	case call == "take" && result.is("nothing"):
		return nil
	}
	return unchanged(state, result, "sold")
}

// unchanged: an operation that failed, by its own words, has done nothing; one that says it has done it has.
func unchanged(state string, result outcome, done string) []string {
	if result.may(done) {
		return nil
	}
	return []string{state}
}
