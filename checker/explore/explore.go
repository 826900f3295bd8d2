// Package explore decides in which order the processes of a scenario take turns: every order with at most one
// preemption first, then some at random. It knows nothing of processes, only what they were about to do.
//
// Most bugs about orders show with one or two preemptions (Musuvathi and Qadeer, "Iterative Context Bounding for
// Systematic Testing of Multithreaded Programs", 2007). The random orders are those of PCT (Burckhardt and others, "A
// Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", 2010).
package explore

import (
	"fmt"
	"maps"
	"slices"
)

// Op is what a process is about to do when it takes its turn.
type Op struct {
	What    string   // by this it is seen that two runs are the same
	Said    string   // the same, for a reader
	On      []string // what it is about: files, or what stands for others
	Changes bool     // others could see a difference
	Steady  bool     // and yet they could not, as it is now: what it would make is there
	Closes  bool     // they could when it has what others wait for
	Locks   bool     // it is about a lock on them, and not about them
	Takes   bool     // what another one has, it waits for: then nothing has happened
	Again   bool     // it did not get this before, and may not get it now
}

// Choice says who goes next. With Kill it is not let go, but killed.
type Choice struct {
	Who  int // processes are numbers, in the order in which they appeared
	Kill bool
}

// Step is one turn of a run.
type Step struct {
	Choice
	Op      Op    // what it did
	Could   []int // who could have gone, in ascending order
	Current int   // who had the turn before; -1 at first
	Would   Op    // what that one would have done, if it could have gone on

	ops map[int]Op // what each could have done
}

// goesOn reports whether the one before could have gone on.
func (s Step) goesOn() bool { return slices.Contains(s.Could, s.Current) }

// Preempts reports whether somebody was interrupted who could have gone on, or killed.
func (s Step) Preempts() bool { return s.Kill || s.goesOn() && s.Who != s.Current }

// Preemptions counts them in a run.
func Preemptions(run []Step) (n int) {
	for _, s := range run {
		if s.Preempts() {
			n++
		}
	}
	return n
}

// Plan is an order to try: first the choices, and after them everybody goes on as long as it can; or at random.
type Plan struct {
	Prefix []Choice
	Expect []string // what the processes did with these choices the last time, as far as it is known
	Seed   uint64   // at random after the prefix; 0: not

	level  int // preemptions
	strays int // how often the processes did something else
}

// Leads reports whether the run may lead to orders that all have to be tried.
func (p Plan) Leads() bool { return p.Seed == 0 && p.level <= bound }

// Diverged is the error when the same choices did not lead to the same operations: this run is not the one that was to be
// tried, or shown again.
type Diverged struct {
	Step            int
	Expected, Found string
}

func (d *Diverged) Error() string {
	return fmt.Sprintf("the same order gave another run: at turn %d, %s; before, it was: %s", d.Step+1, d.Found, d.Expected)
}

// Player makes the choices of one run.
type Player struct {
	Plan
	Run     []Step
	Void    bool // there is no such order
	Strayed bool // the processes did something else: Next has returned Diverged
	chance  *chance
}

// Next chooses who goes next, of those who could; before is who had the turn before, and ops is what each would do. It
// may also name some who only look in vain: they are not chosen but by a prefix.
func (p *Player) Next(could []int, before int, ops map[int]Op) (Choice, error) {
	s := Step{Could: slices.Clone(could), Current: before, Would: ops[before], ops: maps.Clone(ops)}
	switch n := len(p.Run); {
	case n < len(p.Prefix):
		s.Choice = p.Prefix[n]
		if _, can := ops[s.Who]; !can && !s.Kill {
			return s.Choice, p.strayed(fmt.Sprintf("process %d cannot go on", s.Who+1))
		}
	case p.Seed != 0:
		if p.chance == nil {
			p.chance = newChance(p.Seed)
		}
		s.Who = p.chance.next(could, n)
	case s.goesOn():
		s.Who = before
	default:
		s.Who = could[0]
	}
	if s.Op = ops[s.Who]; s.Kill {
		s.Op = Op{What: "is killed before it " + s.Op.What, Said: s.Op.Said}
	}
	if n := len(p.Run); n < len(p.Expect) && p.Expect[n] != s.Op.What {
		return s.Choice, p.strayed(s.Op.What)
	}
	p.Run = append(p.Run, s)
	return s.Choice, nil
}

func (p *Player) strayed(found string) error {
	p.Strayed = true
	d := &Diverged{Step: len(p.Run), Expected: "a turn of its own", Found: found}
	if d.Step < len(p.Expect) {
		d.Expected = p.Expect[d.Step]
	}
	return d
}

// Undo takes the last turn back: the process asked for what it did not get, and nothing has changed. When that turn was the
// one by which this order differs from another, there is no such order.
func (p *Player) Undo() {
	p.Run = p.Run[:len(p.Run)-1]
	p.Void = len(p.Run) < len(p.Prefix)
}

// Replay is the plan that repeats a run.
func Replay(run []Step) (p Plan) {
	for _, s := range run {
		p.Prefix = append(p.Prefix, s.Choice)
		p.Expect = append(p.Expect, s.Op.What)
	}
	return p
}
