package scenario

import (
	"slices"
	"strings"

	"forklings/checker/history"
	"forklings/checker/syncpoint"
	"forklings/checker/trace"
)

// past is what was done with one object so far.
type past struct {
	history.History
	open map[string]int // by process and number of the call: where it stands in Ops
}

// operation notes a call or a return of a process.
func (s *stage) operation(p *process, m syncpoint.Message) {
	h := s.histories[m.Key]
	if h == nil {
		h = &past{History: history.History{Object: m.Key}, open: map[string]int{}}
		s.histories[m.Key] = h
	}
	number, text, _ := strings.Cut(m.Value, " ")
	id := p.name + " " + number
	if m.Kind == syncpoint.Call {
		h.open[id] = len(h.Ops)
		h.Ops = append(h.Ops, history.Op{Who: p.name, Call: text, From: s.moment})
		s.note(p, trace.Call, m.Key, text)
		s.tell(p, Event{Kind: "call", Text: s.Lang.Sprintf("%s calls %s of %s", p.name, text, m.Key)})
		return
	}
	if i, ok := h.open[id]; ok {
		h.Ops[i].Result, h.Ops[i].To = text, s.moment
		s.record(trace.Record{At: trace.Now(), PID: p.pid, Op: trace.Return, Path: m.Key, Data: text, N: int64(s.moment)})
		s.tell(p, Event{Kind: "return", Text: s.Lang.Sprintf("%s gets from %s: %s", p.name, m.Key, s.quoted(text))})
	}
}

// linearizable says why what came back from the object cannot come from one of that model, or "" if it can.
func (s *stage) linearizable(object string, model []string) (because string) {
	h := s.histories[object]
	if h == nil {
		return s.Lang.Sprintf("nobody has done anything with %s", object)
	}
	h.Model, h.Args = model[0], model[1:]
	because, moment, err := h.Explain(s.Lang)
	if err != nil {
		s.unclear = err
		return s.Lang.Error(err)
	}
	s.breaks = moment
	return because
}

// asked are the histories that the script has asked about, by object.
func (s *stage) asked() (all []history.History) {
	for _, h := range s.histories {
		if h.Model != "" {
			all = append(all, h.History)
		}
	}
	slices.SortFunc(all, func(a, b history.History) int { return strings.Compare(a.Object, b.Object) })
	return all
}
