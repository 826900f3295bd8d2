package explore

import (
	"fmt"
	"slices"
)

// known is what runs have shown: who could go on where, and which ends were right. An order that only goes where runs have been, and
// ends where one has ended well, is not worth a run.
//
// Where a run is follows from what each process has done, and from the order of what was done to the same thing when it was changed:
// two operations that do not depend on each other come to the same in either order (Mazurkiewicz, "Trace Theory", 1986).
// Processes may also reach each other in ways that are no operations here. So this decides on extras only, never on
// orders that are tried for certain, and on nothing any more once the same place has looked different.
type known struct {
	places map[uint64]place
	next   map[moment]doing // what a process does next
	all    []int            // processes that had something to do in some run
	blind  bool             // any operation may depend on any other
	wrong  bool             // the same place was seen with something else to do
}

// doing is what a process can do at a moment; without could, it has to wait, or has ended.
type doing struct {
	op     Op
	could  bool
	varies bool // it was seen to do one thing, and another
}

// place is what can be done at some moment; at an end, nothing.
type place struct {
	could []int
	ops   map[int]Op
	vague bool // who may not get what it asks for again was seen among them, and was not
}

func newKnown() *known { return &known{places: map[uint64]place{}, next: map[moment]doing{}} }

// ran notes a run that is over, or what is left of one that broke: its end is known to nobody.
func (k *known) ran(run []Step, broke bool) {
	for _, st := range run {
		for who := range st.ops {
			if !slices.Contains(k.all, who) {
				k.all = append(k.all, who)
			}
		}
	}
	slices.Sort(k.all)
	at := newTrail(k.blind)
	for _, st := range run {
		k.see(at, at.sure(st.Could, st.ops))
		at.goes(st.Choice, st.ops[st.Who])
	}
	if !broke {
		k.see(at, place{})
	}
}

func (k *known) see(at *trail, p place) {
	for _, who := range k.all {
		d := doing{op: p.ops[who], could: slices.Contains(p.could, who)}
		for _, m := range at.moments(who) {
			if before, ok := k.next[m]; ok && (before.varies || before.could != d.could || before.op.What != d.op.What) {
				d.varies = true
			}
			k.next[m] = d
		}
	}
	where := at.where()
	if before, ok := k.places[where]; ok {
		k.wrong = k.wrong || !before.same(p, false)
		p.vague = before.vague || !before.same(p, true)
	}
	k.places[where] = p
}

// here is what could be done at a place, also at one where no run has been: each process does what it has done elsewhere.
func (k *known) here(at *trail) (p place, ok bool) {
	if p, ok = k.places[at.where()]; ok {
		return p, !p.vague
	}
	p.ops = map[int]Op{}
	for _, who := range k.all {
		var d doing
		d.varies = true
		for _, m := range at.moments(who) {
			if seen, ok := k.next[m]; ok && d.varies {
				d = seen
			}
		}
		if d.varies {
			return p, false
		}
		if d.could {
			p.could, p.ops[who] = append(p.could, who), d.op
		}
	}
	return p, len(p.could) > 0 // an end is known when a run has come to it
}

// same compares two looks at a place; without again, only of those who do something for the first time.
func (p place) same(q place, again bool) bool {
	first := func(p place) (out []string) {
		for _, who := range p.could {
			if op := p.ops[who]; again || !op.Again {
				out = append(out, fmt.Sprint(who, op.What))
			}
		}
		return out
	}
	return slices.Equal(first(p), first(q))
}

// leads reports whether the order would lead over known places to an end that was right.
func (k *known) leads(plan Plan) bool {
	p, at := Player{Plan: plan}, newTrail(k.blind)
	for before := -1; !k.wrong; {
		here, ok := k.here(at)
		if !ok {
			return false
		}
		if len(here.could) == 0 {
			return len(p.Run) >= len(plan.Prefix)
		}
		c, err := p.Next(here.could, before, here.ops)
		if err != nil {
			return false
		}
		at.goes(c, here.ops[c.Who])
		before = c.Who
	}
	return false
}
