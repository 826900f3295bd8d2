package program

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// payload makes the arguments of one case. The parent makes them to pass them, the child to compare.
type payload func() (args []string, kwargs map[string]string)

var payloads = map[string]payload{
	"nothing":   func() ([]string, map[string]string) { return nil, nil },
	"one-empty": func() ([]string, map[string]string) { return []string{""}, map[string]string{"": ""} },
	"text":      text,
	"any-bytes": anyBytes,
	"large":     large,
}

// text is valid UTF-8 without NUL, and holds whatever somebody may have chosen to join arguments with.
func text() ([]string, map[string]string) {
	args := []string{
		"plain", "two words", "  around  ", "", " ", "\n", "two\nlines\n", "carriage\r\nreturn", "tab\tstop", "",
		"gr\u00fc\u00dfe", "\u6f22\u5b57", "\U0001f642", "\ufeffmark", "a\u2028b", "$HOME", "${HOME}", "*", "~", "`id`", "%41", "&amp;", "<a>",
		"--flag", "--", "-", `"quoted"`, `it's`, `back\slash`, `trailing\`, "null", "[1,2]", `{"a":1}`,
		"a, b", "a; b", "a::b", "a||b", "a&&b", "a---b", "a###b", "a@@b", "a<sep>b", "",
	}
	for c := byte(1); c < 128; c++ {
		args = append(args, "a"+string(c)+"b")
	}
	kwargs := map[string]string{
		"name": "value", "two words": "and three more", "": "empty key", "empty": "", "a=b": "c=d", "a": "b=c=d",
		"k,1;2:3": "v,1;2:3", "two\nlines": "\n", " around ": " around ", "gr\u00f6\u00dfe": "\u6f22\u5b57", "--flag": "$HOME", `"q"`: `'q'`,
	}
	return args, kwargs
}

func anyBytes() ([]string, map[string]string) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	args := []string{
		"\x00", "in\x00side", "\x00\x00", "\xff\xfe", "cut off \xe6\xbc", "\xed\xa0\x80", "\xc0\x80", "\ufffd", "\x7fELF\x02\x01", string(every), "",
	}
	return args, map[string]string{"nu\x00l": "\x00", "by\xffte": "va\xfelue", "every": string(every)}
}

// large is 8 MiB in all: one long string, many short ones, and long values.
func large() ([]string, map[string]string) {
	const mib = 1 << 20
	noise := letters(8 * mib)
	cut := func(n int) string {
		s := noise[:n]
		noise = noise[n:]
		return s
	}
	args := []string{cut(4 * mib)}
	for range 8192 {
		args = append(args, cut(256))
	}
	kwargs := map[string]string{}
	for i := range 16 {
		kwargs[fmt.Sprint("key-", i)] = cut(128 << 10)
	}
	return args, kwargs
}

// letters are plain text that no packing makes short, always the same (xorshift64, 16 letters to a number).
func letters(n int) string {
	b := make([]byte, 0, n)
	for x := uint64(88172645463325252); len(b) < n; {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		for i := range 16 {
			b = append(b, 'a'+byte(x>>(4*i)&15))
		}
	}
	return string(b[:n])
}

// receive is the target of every case.
func (p payload) receive(args []string, kwargs map[string]string) {
	wantArgs, wantKwargs := p()
	child.Say("args", compareArgs(wantArgs, args))
	child.Say("kwargs", compareKwargs(wantKwargs, kwargs))
	child.Reach("compared")
}

func compareArgs(sent, got []string) string {
	switch {
	case slices.Equal(sent, got):
		return "unchanged"
	case slices.Equal(throughJSON(sent), got):
		return "as-after-json"
	case len(sent) != len(got):
		return "other-number"
	}
	return "other-content"
}

func compareKwargs(sent, got map[string]string) string {
	sameKey := func(string, string) bool { return true }
	switch {
	case maps.Equal(sent, got):
		return "unchanged"
	case maps.Equal(throughJSON(sent), got):
		return "as-after-json"
	case !maps.EqualFunc(sent, got, sameKey):
		return "other-keys"
	}
	return "other-content"
}

// throughJSON is what JSON makes of the value: bytes that are not UTF-8 come out as U+FFFD.
func throughJSON[T any](v T) (out T) {
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	must(err)
	return out
}
