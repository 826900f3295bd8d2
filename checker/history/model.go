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
	next func(state, call, result string) []string
}

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
			next := m.next(state.(string), input.(string), output.(string))
			if output == pending { // perhaps it has done nothing so far
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

// returns: the operation has returned this, or nobody knows what it will return.
func returns(result string, want string) bool { return result == want || result == pending }

func lock(state, call, result string) []string {
	switch {
	case call == "acquire" && returns(result, "ok") && state == "":
		return []string{"held"}
	case call == "release" && returns(result, "ok") && state == "held":
		return []string{""}
	}
	return unchanged(state, result, "ok")
}

// fifo keeps the items one after the other, each behind a newline.
func fifo(state, call, result string) []string {
	if item, ok := strings.CutPrefix(call, "put "); ok && returns(result, "ok") {
		return []string{state + "\n" + strconv.Quote(item)}
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(state, "\n"), "\n")
	if rest != "" {
		rest = "\n" + rest
	}
	switch {
	case call == "get" && state == "" && result == "empty":
		return []string{state}
	case call == "get" && state != "" && (result == pending || strconv.Quote(result) == first):
		return []string{rest}
	case call == "get":
		return nil
	}
	return unchanged(state, result, "ok")
}

func stock(state, call, result string) []string {
	left, _ := strconv.Atoi(state)
	switch {
	case call == "look":
		if returns(result, state) {
			return []string{state}
		}
		return nil
	case call == "take" && left > 0 && returns(result, "sold"):
		return []string{strconv.Itoa(left - 1)}
	case call == "take" && left == 0 && result == "nothing":
		return []string{state}
	case call == "take" && result == "nothing":
		return nil
	}
	return unchanged(state, result, "sold")
}

// unchanged: an operation that failed, by its own words, has done nothing; one that says it has done it has.
func unchanged(state, result, done string) []string {
	if result == done || result == pending {
		return nil
	}
	return []string{state}
}
