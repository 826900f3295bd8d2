package history_test

import (
	"fmt"
	"strings"
	"testing"

	"forklings/checker/history"
	"forklings/checker/lang"

	"github.com/stretchr/testify/require"
)

// parse reads a history, a call or a return a word: "a(put 1" begins, "a)ok" ends.
func parse(t *testing.T, model string, text ...string) history.History {
	fields := strings.Fields(model)
	h := history.History{Object: "it", Model: fields[0], Args: fields[1:]}
	open := map[string]int{}
	for i, word := range text {
		if who, call, ok := strings.Cut(word, "("); ok {
			open[who] = len(h.Ops)
			h.Ops = append(h.Ops, history.Op{Who: who, Call: call, From: i + 1})
			continue
		}
		who, result, ok := strings.Cut(word, ")")
		require.True(t, ok, word)
		o := &h.Ops[open[who]]
		o.Result, o.To = result, i+1
	}
	return h
}

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		name, model string
		ops         []string
		because     string // "": possible
	}{
		{"nothing was done", "fifo", nil, ""},
		{"first in, first out", "fifo", []string{"a(put 1", "a)ok", "a(put 2", "a)ok", "b(get", "b)1", "b(get", "b)2"}, ""},
		{"puts at the same time have no order", "fifo", []string{"a(put 1", "b(put 2", "a)ok", "b)ok", "c(get", "c)2", "c(get", "c)1"}, ""},
		{"overtaken", "fifo", []string{"a(put 1", "a)ok", "a(put 2", "a)ok", "b(get", "b)2"},
			"no order explains get of b, which returned 2: a calls put 1, put 1 returns to a: ok, a calls put 2, put 2 returns to a: ok, b calls get, get returns to b: 2"},
		{"got twice", "fifo", []string{"a(put 1", "a)ok", "b(get", "c(get", "b)1", "c)1"}, "no order explains get of c, which returned 1: "},
		{"from nowhere", "fifo", []string{"b(get", "b)1", "a(put 1", "a)ok"}, "no order explains get of b, which returned 1: b calls get, get returns to b: 1"},
		{"empty although something is there", "fifo", []string{"a(put 1", "a)ok", "b(get", "b)empty"}, "no order explains get of b, which returned empty: "},
		{"empty while something is put", "fifo", []string{"a(put 1", "b(get", "b)empty", "a)ok"}, ""},
		{"a put that has not come back may have worked", "fifo", []string{"a(put 1", "b(get", "b)1"}, ""},
		{"or not", "fifo", []string{"a(put 1", "b(get", "b)empty"}, ""},
		{"a get that has not come back may have taken it", "fifo", []string{"a(put 1", "a)ok", "a(put 2", "a)ok", "b(get", "c(get", "c)2"}, ""},
		{"a put that failed has put nothing", "fifo", []string{"a(put 1", "a)error", "b(get", "b)1"}, "no order explains get of b"},
		{"a question mark is an item like any other", "fifo", []string{"a(put 1", "a)ok", "b(get", "b)?"}, "no order explains get of b, which returned ?: "},
		{"an empty item, and one with a newline", "fifo", []string{"a(put ", "a)ok", "a(put x\ny", "a)ok", "b(get", "b)", "b(get", "b)x\ny"}, ""},

		{"one after the other", "lock", []string{"a(acquire", "b(acquire", "a)ok", "a(release", "b)ok", "a)ok", "b(release", "b)ok"}, ""},
		{"two inside", "lock", []string{"a(acquire", "a)ok", "b(acquire", "b)ok", "a(release", "a)ok"}, "no order explains acquire of b, which returned ok: "},
		{"a try in vain", "lock", []string{"a(acquire", "a)ok", "b(acquire", "b)busy", "a(release", "a)ok"}, ""},
		{"nobody had it", "lock", []string{"a(release", "a)ok"}, "no order explains release of a"},

		{"sold out", "stock 1", []string{"a(take", "b(take", "b)sold", "a)nothing", "c(look", "c)0"}, ""},
		{"sold twice", "stock 1", []string{"a(take", "b(take", "b)sold", "a)sold"}, "no order explains take of a, which returned sold: "},
		{"seen while it was sold", "stock 10", []string{"a(take", "b(look", "b)9", "b(look", "b)9", "a)sold"}, ""},
		{"seen, and then not", "stock 10", []string{"a(take", "b(look", "b)9", "b(look", "b)10", "a)sold"}, "no order explains look of b, which returned 10: "},
		{"looked, and saw nothing", "stock 10", []string{"b(look", "b)error"}, "no order explains look of b, which returned error: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			because, moment, err := parse(t, c.model, c.ops...).Explain(lang.English)
			require.NoError(t, err)
			if c.because == "" || because == "" {
				require.Equal(t, c.because, because)
				require.Zero(t, moment)
				return
			}
			require.True(t, strings.HasPrefix(because, c.because), because)
		})
	}
}

func TestLongStoriesAreCut(t *testing.T) {
	var ops []string
	for i := range 20 {
		ops = append(ops, fmt.Sprintf("a(put %d", i), "a)ok")
	}
	because, moment, err := parse(t, "fifo", append(ops, "b(get", "b)7")...).Explain(lang.English)
	require.Equal(t, 42, moment)
	require.NoError(t, err)
	require.Contains(t, because, "which returned 7: …, a calls put 17, put 17 returns to a: ok")
}

func TestTooLong(t *testing.T) {
	h := history.History{Object: "jobs", Model: "fifo", Ops: make([]history.Op, history.Most+1)}
	_, _, err := h.Explain(lang.English)
	require.EqualError(t, err, "301 operations with jobs are too many to find their order; at most 300")
}

func TestModelsAreRefusedByName(t *testing.T) {
	_, err := history.Find("stack", nil)
	require.EqualError(t, err, `no model "stack"`)
	for _, args := range [][]string{nil, {"many"}, {"1", "2"}, {"-1"}} {
		_, err = history.Find("stock", args)
		require.EqualError(t, err, "usage: linearizable stock N")
	}
	_, err = history.Find("fifo", []string{"3"})
	require.EqualError(t, err, "usage: linearizable fifo")
}

func TestPageShowsTheOperations(t *testing.T) {
	page, err := parse(t, "stock 1", "a(take", "b(take", "b)sold", "a)sold").Page()
	require.NoError(t, err)
	require.Contains(t, page, "<html")
	require.Contains(t, page, "take: sold")
}
