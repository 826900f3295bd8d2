package explore

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Bounds of a search.
const (
	bound  = 1   // preemptions: up to here every order is tried
	most   = 600 // orders; a search that is cut off here says so
	beyond = 40  // orders with one preemption more, drawn by lot if there are more of them; not played when it is known what comes of it
	random = 12  // orders at random after that, as well

	again = 4  // tries of an order in which the processes do something else, by their own choice
	loose = 20 // orders that are tried as they come after that; when they are also half of all, the search says nothing
)

// Search tries orders until it is told that one has broken what must hold.
type Search struct {
	Victims []int // processes that are also killed, wherever they may be
	Blind   bool  // processes also do, between their turns, what others can see

	queue  [bound + 2][]Plan // by preemptions
	seen   map[string]bool
	runs   [][]Step
	uses   map[string]*use // by what operations are about
	tried  int
	drawn  int // of the last queue
	lot    *rand.Rand
	chance uint64
	known  *known
	best   int // preemptions of the best order that broke it; -1: none
	loose  int // orders tried as they come
	cut    bool
}

// use is who has done something with a file, and who changed it, one bit a process.
type use struct{ users, changers uint64 }

// MaxProcesses is how many processes may take turns.
const MaxProcesses = 26

// NewSearch begins a search.
func NewSearch() *Search {
	s := &Search{lot: rand.New(rand.NewPCG(1, 0)), seen: map[string]bool{}, uses: map[string]*use{}, known: newKnown(), best: -1}
	s.add(0, Plan{})
	return s
}

// Next is the next order to try; ok is false when there is none left. Orders with fewer preemptions come first.
func (s *Search) Next() (p Plan, ok bool) {
	for level := range s.queue {
		if s.best >= 0 && level >= s.best {
			return p, false
		}
		q := s.queue[level]
		switch {
		case len(q) == 0:
		case level > bound:
			for s.drawn < beyond && len(q) > 0 {
				s.drawn++
				i := s.lot.IntN(len(q))
				p, q[i] = q[i], q[len(q)-1]
				q = q[:len(q)-1]
				s.queue[level] = q
				if !s.known.leads(p) {
					s.tried++
					return p, true
				}
			}
		case s.tried >= most:
			s.cut = true
		default:
			s.queue[level] = q[1:]
			s.tried++
			return q[0], true
		}
	}
	for s.best < 0 && s.chance < random {
		s.chance++
		if p = (Plan{Seed: s.chance}); !s.known.leads(p) {
			s.tried++
			return p, true
		}
	}
	return Plan{}, false
}

// Waiting: all orders up to the bound that are known have been handed out; those under way may lead to more (Plan.Leads).
func (s *Search) Waiting() bool {
	return !slices.ContainsFunc(s.queue[:bound+1], func(q []Plan) bool { return len(q) > 0 })
}

// Tried is how many orders were handed out; whole is false when the search was cut off before all up to the bound were.
func (s *Search) Tried() (n int, whole bool) { return s.tried, !s.cut }

// Strayed tells that the processes did something else in an order that Next gave. What a program does may be open, such as the
// order of a map: the same is tried again, and after some times, whatever the processes do when they have their turns. When most
// orders end like that, nobody can say which were tried, and ok is false.
func (s *Search) Strayed(p Plan) (ok bool) {
	s.tried--
	if p.level > bound {
		s.drawn--
	}
	switch p.strays++; {
	case p.strays == again:
		p.Expect = nil
		s.loose++
	case p.strays > 2*again:
		return true // it was not met
	}
	s.queue[p.level] = slices.Insert(s.queue[p.level], 0, p)
	return s.loose <= loose || 2*s.loose <= s.tried
}

// Ran tells what came of an order that Next gave.
func (s *Search) Ran(p *Player, broke bool) {
	run := p.Run
	s.known.blind = s.Blind
	s.known.ran(run, broke)
	if n := Preemptions(run); broke && (s.best < 0 || n < s.best) {
		s.best = n
	}
	if p.Seed != 0 {
		return // its choices are no beginning for others
	}
	s.runs = append(s.runs, run)
	for i := range run { // who goes on from here as before comes to this run, or to one that led to it
		s.seen[key(Replay(run[:i+1]).Prefix)] = true
	}
	if s.learn(run) { // what was of no consequence before may be now
		for _, r := range s.runs {
			s.branch(r)
		}
		return
	}
	s.branch(run)
}

// learn notes who uses what. It reports whether that is new.
func (s *Search) learn(run []Step) (news bool) {
	for _, st := range run {
		if st.Kill {
			continue
		}
		for _, on := range st.Op.On {
			u := s.uses[on]
			if u == nil {
				u = &use{}
				s.uses[on] = u
			}
			before, bit := *u, uint64(1)<<st.Who
			u.users |= bit
			if st.Op.Changes {
				u.changers |= bit
			}
			news = news || *u != before
		}
	}
	return news
}

// shared reports whether it matters to others when a process does this: one of them uses the same, and one of the two
// changes it.
func (s *Search) shared(who int, op Op) bool {
	return slices.ContainsFunc(op.On, func(on string) bool {
		u := s.uses[on]
		others := ^(uint64(1) << who)
		return u != nil && (u.changers&others != 0 || op.Changes && u.users&others != 0)
	})
}

// branch finds the orders that leave a run at one of its turns. To interrupt a process makes a difference only before
// something that matters to others, and when it has done such a thing since it had the turn: otherwise the same comes of
// an interruption later, or of another choice earlier.
func (s *Search) branch(run []Step) {
	spent, did := 0, false
	for i, st := range run {
		leave := func(c Choice, more int) {
			if spent+more >= len(s.queue) {
				return
			}
			r := Replay(run[:i])
			s.add(spent+more, Plan{Prefix: append(r.Prefix, c), Expect: r.Expect})
		}
		for _, who := range st.Could {
			switch {
			case who == st.Who && !st.Kill:
			case !st.goesOn() || who == st.Current:
				leave(Choice{Who: who}, 0)
			case did && s.shared(st.Current, st.Would):
				leave(Choice{Who: who}, 1)
			}
		}
		for _, v := range s.Victims {
			if i == 0 || st.Current == v {
				leave(Choice{Who: v, Kill: true}, 1)
			}
		}
		if st.Preempts() {
			spent++
		}
		if st.Who != st.Current {
			did = false
		}
		did = did || s.shared(st.Who, st.Op)
	}
}

func (s *Search) add(level int, p Plan) {
	if k := key(p.Prefix); !s.seen[k] {
		s.seen[k] = true
		p.level = level
		s.queue[level] = append(s.queue[level], p)
	}
}

func key(choices []Choice) string { return fmt.Sprint(choices) }
