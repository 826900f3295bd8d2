package explore

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
)

// trail is where a run has come: each event is known by a hash of what it was and of the events that it depends on.
type trail struct {
	last    map[int]uint64    // of each process: its last event
	about   map[int][]touch   // and what that was about, or what it waits for
	changed map[string]uint64 // of each thing: the last event that changed it
	taken   map[string]int    // who has a lock on it
	waits   map[int]bool      // for a lock that another one has
	killed  uint64            // the last that killed somebody: all that follows depends on it
	blind   bool              // any operation may depend on any other
}

// touch is what an operation does to a thing.
type touch struct {
	thing   string
	changes bool
}

func newTrail(blind bool) *trail {
	return &trail{
		blind: blind,
		last:  map[int]uint64{}, about: map[int][]touch{}, changed: map[string]uint64{}, taken: map[string]int{},
		waits: map[int]bool{},
	}
}

// goes follows a turn.
func (t *trail) goes(c Choice, op Op) {
	about := t.touches(c.Who, op)
	if t.waits[c.Who] = !c.Kill && t.inVain(c.Who, op); t.waits[c.Who] {
		t.about[c.Who] = about
		return // and nothing has happened
	}
	h := fnv.New64a()
	fmt.Fprintln(h, c, t.last[c.Who], t.killed, op.What)
	if c.Kill {
		fmt.Fprintln(h, t.where())
	}
	for _, on := range about {
		fmt.Fprintln(h, on.thing, t.changed[on.thing])
	}
	event := h.Sum64()
	t.last[c.Who], t.about[c.Who] = event, about
	if c.Kill {
		t.killed = event
		maps.DeleteFunc(t.taken, func(_ string, by int) bool { return by == c.Who })
		return
	}
	for _, on := range about {
		if on.changes {
			t.changed[on.thing] = event
		}
	}
	for _, on := range op.On {
		switch {
		case op.Takes:
			t.taken[on] = c.Who
		case (op.Locks || op.Closes) && t.has(c.Who, on):
			delete(t.taken, on)
		}
	}
}

// touches are the things that an operation is about. A lock is one by itself: who opens a file does nothing to it.
func (t *trail) touches(who int, op Op) (all []touch) {
	if t.blind {
		return []touch{{"anything", true}}
	}
	for _, on := range op.On {
		if op.Locks || op.Closes && t.has(who, on) {
			all = append(all, touch{"lock:" + on, true})
		}
		if !op.Locks {
			all = append(all, touch{on, op.Changes && !op.Steady && !op.Closes})
		}
	}
	return all
}

func (t *trail) has(who int, on string) bool {
	by, taken := t.taken[on]
	return taken && by == who
}

// inVain reports whether a process asks for a lock that another one has.
func (t *trail) inVain(who int, op Op) bool {
	return op.Takes && slices.ContainsFunc(op.On, func(on string) bool { by, taken := t.taken[on]; return taken && by != who })
}

// where tells two places apart.
func (t *trail) where() uint64 {
	h := fnv.New64a()
	for _, who := range slices.Sorted(maps.Keys(t.waits)) { // who has had a turn
		fmt.Fprintln(h, who, t.last[who], t.waits[who])
	}
	return h.Sum64()
}

// moment is a process with its last event and, where that does not tell enough, with what was done to the same things since.
type moment struct {
	who         int
	waits       bool
	last, since uint64
}

// moments are the ways in which it can be known what a process does next, the better one last. One that waits for a lock goes on
// when something is done to that.
func (t *trail) moments(who int) []moment {
	h := fnv.New64a()
	for _, on := range t.about[who] {
		fmt.Fprintln(h, t.changed[on.thing])
	}
	exact := moment{who, t.waits[who], t.last[who], h.Sum64()}
	if t.waits[who] {
		return []moment{exact}
	}
	return []moment{{who: who, last: t.last[who]}, exact}
}

// sure is a place without those who ask again for what another one has.
func (t *trail) sure(could []int, ops map[int]Op) place {
	return place{ops: ops, could: slices.DeleteFunc(slices.Clone(could), func(who int) bool { return ops[who].Again && t.inVain(who, ops[who]) })}
}
