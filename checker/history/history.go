// Package history decides whether what several processes did with one object could have been done by one after the
// other: each operation at one moment between its call and its return. That is linearizability (Herlihy and Wing,
// https://doi.org/10.1145/78969.78972); it is checked with Porcupine.
package history

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/anishathalye/porcupine"

	"forklings/checker/lang"
)

const (
	// Most is the number of operations in the longest history that is checked: the search can grow exponentially.
	Most   = 300
	atMost = 10 * time.Second
)

// Op is one operation of a process. From and To are moments, counted up by whoever saw them: the call was announced
// before the operation began, and the return after it had ended.
type Op struct {
	Who    string // the process
	Call   string // such as "put 7"
	Result string // such as "ok"
	From   int
	To     int // 0: it has not come back
}

// said gives the operation as a reader sees it: put 7 of one, which returned ok.
func (o Op) said(l lang.Lang) string {
	if o.To == 0 {
		return l.Sprintf("%s of %s, which has not come back", o.Call, o.Who)
	}
	return l.Sprintf("%s of %s, which returned %s", o.Call, o.Who, o.Result)
}

// A History is what was done with one object, and what kind of thing that object is.
type History struct {
	Object string
	Model  string   // of Models
	Args   []string // of the model
	Ops    []Op
}

// Explain says why no order of the operations can explain what they returned, and when that one came back that
// nothing explains; "" if one can. The error says that this cannot be found out.
func (h History) Explain(l lang.Lang) (because string, moment int, err error) {
	m, err := Find(h.Model, h.Args)
	if err != nil {
		return "", 0, err
	}
	if len(h.Ops) > Most {
		return "", 0, lang.Errorf("%d operations with %s are too many to find their order; at most %d", len(h.Ops), h.Object, Most)
	}
	ok, err := h.possible(m, h.Ops)
	if ok || err != nil {
		return "", 0, err
	}
	// What is impossible stays so, whatever comes after it: the first return that nothing explains is found by halving.
	returns := h.returns()
	first := sort.Search(len(returns), func(i int) bool {
		ok, failed := h.possible(m, h.until(returns[i].To))
		err = cmp.Or(err, failed)
		return !ok
	})
	if err != nil {
		return "", 0, err
	}
	moment = returns[first].To
	return l.Sprintf("no order explains %s: %s", returns[first].said(l), h.story(l, moment)), moment, nil
}

// Page is Porcupine's picture of the history, an HTML page.
func (h History) Page() (string, error) {
	m, err := Find(h.Model, h.Args)
	if err != nil {
		return "", err
	}
	model := m.porcupine()
	_, info := porcupine.CheckOperationsVerbose(model, operations(h.Ops), atMost)
	var b bytes.Buffer
	err = porcupine.Visualize(model, info, &b)
	return b.String(), err
}

// possible: some order explains these operations.
func (h History) possible(m Model, ops []Op) (bool, error) {
	switch porcupine.CheckOperationsTimeout(m.porcupine(), operations(ops), atMost) {
	case porcupine.Ok:
		return true, nil
	case porcupine.Illegal:
		return false, nil
	}
	return false, lang.Errorf("it takes too long to find an order for the %d operations with %s", len(ops), h.Object)
}

// returns are the operations that have come back, in that order.
func (h History) returns() (back []Op) {
	for _, o := range h.Ops {
		if o.To > 0 {
			back = append(back, o)
		}
	}
	slices.SortFunc(back, func(a, b Op) int { return cmp.Compare(a.To, b.To) })
	return back
}

// until is what had happened at a moment: what was called later had not, and what returned later was under way.
func (h History) until(moment int) (seen []Op) {
	for _, o := range h.Ops {
		if o.From > moment {
			continue
		}
		if o.To > moment {
			o.To, o.Result = 0, ""
		}
		seen = append(seen, o)
	}
	return seen
}

// story tells the calls and returns up to a moment, the last ones if there are many.
func (h History) story(l lang.Lang, moment int) (story string) {
	const most = 8
	told := map[int]string{}
	for _, o := range h.until(moment) {
		told[o.From] = l.Sprintf("%s calls %s", o.Who, o.Call)
		if o.To > 0 {
			told[o.To] = l.Sprintf("%s returns to %s: %s", o.Call, o.Who, o.Result)
		}
	}
	moments := make([]int, 0, len(told))
	for m := range told {
		moments = append(moments, m)
	}
	slices.Sort(moments)
	if len(moments) > most {
		story, moments = "…", moments[len(moments)-most:]
	}
	for _, m := range moments {
		if story == "" {
			story = told[m]
		} else {
			story = l.Sprintf("%s, %s", story, told[m])
		}
	}
	return story
}

func operations(ops []Op) (p []porcupine.Operation) {
	clients := map[string]int{}
	last := 0
	for _, o := range ops {
		last = max(last, o.From, o.To)
	}
	for _, o := range ops {
		if _, ok := clients[o.Who]; !ok {
			clients[o.Who] = len(clients)
		}
		back := outcome{o.Result, o.To > 0}
		to := int64(o.To)
		if !back.known {
			to = int64(last + 1)
		}
		p = append(p, porcupine.Operation{ClientId: clients[o.Who], Input: o.Call, Output: back, Call: int64(o.From), Return: to})
	}
	return p
}
