package explore

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// step is what a process of a machine does: it reads a number, writes one that hangs on all that it has read, or locks.
type step struct{ does, on string }

// machine has processes that do steps. Locks block, as those of a kernel do.
type machine struct {
	steps   [][]step
	numbers map[string]uint64
	locks   map[string]int // by whom, counted from 1
	at      []int
	memory  []uint64
	denied  []bool
	asked   []int // denied: releases so far
	given   int   // releases
}

// draw makes the steps of some processes by lot: with one lock or two around some of them.
func draw(lot *rand.Rand) (steps [][]step) {
	for range 2 + lot.IntN(2) {
		var mine []step
		for range 2 + lot.IntN(2) {
			var inside []step
			for range 1 + lot.IntN(3) {
				inside = append(inside, step{[]string{"reads", "writes", "thinks"}[lot.IntN(3)], []string{"m", "n"}[lot.IntN(2)]})
			}
			if lock := []string{"", "k", "l"}[lot.IntN(3)]; lock != "" {
				inside = append(append([]step{{"locks", lock}}, inside...), step{"unlocks", lock})
			}
			mine = append(mine, inside...)
		}
		steps = append(steps, mine)
	}
	return steps
}

func start(steps [][]step) *machine {
	n := len(steps)
	return &machine{
		steps: steps, numbers: map[string]uint64{}, locks: map[string]int{}, at: make([]int, n), memory: make([]uint64, n), denied: make([]bool, n), asked: make([]int, n),
	}
}

func (m *machine) could() (who []int, ops map[int]Op) {
	ops = map[int]Op{}
	for i, mine := range m.steps {
		if m.at[i] == len(mine) || m.denied[i] && m.asked[i] == m.given {
			continue
		}
		st := mine[m.at[i]]
		op := Op{What: st.does + " " + st.on, On: []string{st.on}, Changes: st.does != "reads", Again: m.denied[i]}
		switch st.does {
		case "thinks":
			op.On = []string{fmt.Sprint("itself ", i)}
		case "locks":
			op.Locks, op.Takes = true, true
		case "unlocks":
			op.Locks = true
		}
		who, ops[i] = append(who, i), op
	}
	return who, ops
}

// does takes a turn; it reports whether a process asked again in vain.
func (m *machine) does(who int) (inVain bool) {
	st := m.steps[who][m.at[who]]
	switch st.does {
	case "reads":
		m.memory[who] = mix(m.memory[who], m.numbers[st.on])
	case "writes":
		m.numbers[st.on] = mix(m.memory[who], uint64(m.at[who]))
	case "locks":
		if m.locks[st.on] != 0 {
			inVain = m.denied[who]
			m.denied[who], m.asked[who] = true, m.given
			return inVain
		}
		m.denied[who], m.locks[st.on] = false, who+1
	case "unlocks":
		delete(m.locks, st.on)
		m.given++
	}
	m.at[who]++
	return false
}

func mix(a, b uint64) uint64 {
	h := fnv.New64a()
	fmt.Fprintln(h, a, b)
	return h.Sum64()
}

// play goes on until nobody can. What comes of it is all that was written and read, and who is stuck.
func (m *machine) play(t *testing.T, p *Player) string {
	for before := -1; ; {
		who, ops := m.could()
		if len(who) == 0 {
			return fmt.Sprint(m.numbers, m.memory, m.at)
		}
		c, err := p.Next(who, before, ops)
		require.NoError(t, err)
		if m.does(c.Who) {
			before = p.Run[len(p.Run)-1].Current
			if p.Undo(); p.Void {
				return ""
			}
			continue
		}
		before = c.Who
	}
}

// TestWhatIsKnownComesTrue plays orders of machines that were drawn by lot: one that is said to end well does, and as another one did.
func TestWhatIsKnownComesTrue(t *testing.T) {
	foretold := 0
	for seed := range uint64(150) {
		lot := rand.New(rand.NewPCG(seed, 7))
		steps, k, ends := draw(lot), newKnown(), map[string]bool{}
		wrong := func(end string) bool { return mix(uint64(len(end)), uint64(end[len(end)/2]))%4 == 0 }
		var runs [][]Step
		for range 60 {
			plan := Plan{}
			if len(runs) > 0 {
				run := runs[lot.IntN(len(runs))]
				i := lot.IntN(len(run))
				plan = Replay(run[:i])
				plan.Prefix = append(plan.Prefix, Choice{Who: run[i].Could[lot.IntN(len(run[i].Could))]})
			}
			known := k.leads(plan)
			p := &Player{Plan: plan}
			end := start(steps).play(t, p)
			switch {
			case p.Void:
			case known:
				foretold++
				require.True(t, ends[end], "machine %d: an end that was never seen: %v", seed, steps)
				require.False(t, wrong(end), "machine %d", seed)
			default:
				ends[end] = true
				runs = append(runs, p.Run)
				k.ran(p.Run, wrong(end))
			}
		}
		require.False(t, k.wrong, "machine %d: %v", seed, steps)
	}
	require.Greater(t, foretold, 1000)
}

func TestWhoReachesOthersInSecretIsNotForetold(t *testing.T) {
	k := newKnown()
	own := func(what string) Op { return Op{What: what, On: []string{what}} }
	run := func(last string) []Step {
		first, second := map[int]Op{0: own("a"), 1: own("b")}, map[int]Op{1: own("b")}
		return []Step{
			{Choice: Choice{Who: 0}, Could: []int{0, 1}, ops: first},
			{Choice: Choice{Who: 1}, Could: []int{1}, ops: second},
			{Choice: Choice{Who: 1}, Could: []int{1}, ops: map[int]Op{1: own(last)}},
		}
	}
	k.ran(run("c"), false)
	require.True(t, k.leads(Plan{}))
	k.ran(run("d"), false)
	require.False(t, k.leads(Plan{}))
}
