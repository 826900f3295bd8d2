package explore

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// A model has processes that each do their operations one after the other; do tells whether one can be done, and does it.
type model struct {
	ops [][]Op
	do  func(who, op int) bool
	end func() (broke bool)
}

// play runs the model in the order that the player chooses.
func (m model) play(p *Player) (broke bool, err error) {
	at := make([]int, len(m.ops))
	before := -1
	for {
		var could []int
		ops := map[int]Op{}
		for who, mine := range m.ops {
			if at[who] < len(mine) {
				could, ops[who] = append(could, who), mine[at[who]]
			}
		}
		if len(could) == 0 {
			return m.end(), nil
		}
		c, err := p.Next(could, before, ops)
		if err != nil {
			return false, err
		}
		if c.Kill {
			at[c.Who] = len(m.ops[c.Who])
		} else if m.do(c.Who, at[c.Who]) {
			at[c.Who]++
		}
		before = c.Who
	}
}

// search tries orders of the model until one breaks it; run is that one's.
func search(t *testing.T, make func() model, victims ...int) (run []Step, tried int) {
	s := NewSearch()
	for {
		plan, ok := s.Next()
		if !ok {
			tried, _ = s.Tried()
			return run, tried
		}
		p := &Player{Plan: plan}
		broke, err := make().play(p)
		require.NoError(t, err)
		if broke && (run == nil || Preemptions(p.Run) < Preemptions(run)) {
			run = p.Run
		}
		s.Victims = victims
		s.Ran(p, broke)
	}
}

// counters read a number and write it back with one more, each so many times.
func counters(processes int, whole bool) func() model {
	return func() model {
		read, write := Op{What: "reads", On: []string{"n"}}, Op{What: "writes", On: []string{"n"}, Changes: true}
		own := Op{What: "thinks", On: []string{"itself"}}
		m := model{}
		n, seen := 0, make([]int, processes)
		for range processes {
			if whole {
				m.ops = append(m.ops, []Op{own, write})
			} else {
				m.ops = append(m.ops, []Op{own, read, own, write})
			}
		}
		m.do = func(who, op int) bool {
			switch {
			case whole && op == 1:
				n++
			case !whole && op == 1:
				seen[who] = n
			case !whole && op == 3:
				n = seen[who] + 1
			}
			return true
		}
		m.end = func() bool { return n != processes }
		return m
	}
}

func TestALostUpdateIsFoundWithOnePreemption(t *testing.T) {
	for processes := 2; processes <= 4; processes++ {
		run, _ := search(t, counters(processes, false))
		require.Equal(t, 1, Preemptions(run))
	}
}

func TestWhatIsRightExhaustsTheBound(t *testing.T) {
	run, tried := search(t, counters(3, true))
	require.Nil(t, run)
	require.Equal(t, 6, tried, "the six orders of three processes: nothing is gained by interrupting what is done at one stroke, and all others come to the same as one of them")
}

func TestTwoPreemptionsAreFoundBeyondTheBound(t *testing.T) {
	// Broken only when the first process sees what the second one sets for a moment.
	run, _ := search(t, func() model {
		n := 0
		set, back, look := Op{What: "sets", On: []string{"n"}, Changes: true}, Op{What: "sets back", On: []string{"n"}, Changes: true}, Op{What: "looks", On: []string{"n"}}
		first := []int{}
		return model{
			ops: [][]Op{{look, look, look}, {set, back}},
			do: func(who, op int) bool {
				if who == 0 {
					first = append(first, n)
				} else {
					n = 1 - op
				}
				return true
			},
			end: func() bool {
				return first[0] == 0 && first[1] == 1
			},
		}
	})
	require.Equal(t, 2, Preemptions(run))
}

func TestTheVictimIsKilledEverywhere(t *testing.T) {
	killed := map[int]bool{}
	search(t, func() model {
		done := 0
		return model{
			ops: [][]Op{{{What: "1", On: []string{"f"}, Changes: true}, {What: "2", On: []string{"f"}, Changes: true}}, {{What: "other", On: []string{"f"}}}},
			do: func(who, op int) bool {
				if who == 0 {
					done++
				}
				return true
			},
			end: func() bool { killed[done] = true; return false },
		}
	}, 0)
	require.Equal(t, map[int]bool{0: true, 1: true, 2: true}, killed)
}

func TestAnOrderCanBeWrittenDownAndRepeated(t *testing.T) {
	run, _ := search(t, counters(3, false))
	order := Order(run)
	plan, err := Parse(order)
	require.NoError(t, err)
	p := &Player{Plan: plan}
	broke, err := counters(3, false)().play(p)
	require.NoError(t, err)
	require.True(t, broke)
	require.True(t, Same(p.Run, order))
	require.Equal(t, run, p.Run)

	other := &Player{Plan: Plan{Prefix: plan.Prefix}}
	_, err = counters(2, false)().play(other)
	var diverged *Diverged
	if err == nil {
		require.False(t, Same(other.Run, order))
	} else {
		require.ErrorAs(t, err, &diverged)
	}

	for _, wrong := range []string{"", "-", "a", "a2", "1-00000000", "a0-00000000", "a99999-00000000", "ä-00000000"} {
		_, err := Parse(wrong)
		require.Error(t, err, wrong)
	}
	killed := Order([]Step{{Choice: Choice{Who: 1}}, {Choice: Choice{Who: 1}}, {Choice: Choice{Who: 0, Kill: true}}})
	require.Regexp(t, `^b2A-[0-9a-f]{8}$`, killed)
	plan, err = Parse(killed)
	require.NoError(t, err)
	require.Equal(t, []Choice{{1, false}, {1, false}, {0, true}}, plan.Prefix)
}

func TestAnotherRunIsNoticed(t *testing.T) {
	run, _ := search(t, counters(2, false))
	p := &Player{Plan: Replay(run)}
	m := counters(2, false)()
	m.ops[0][1].What = "reads something else"
	_, err := m.play(p)
	var diverged *Diverged
	require.ErrorAs(t, err, &diverged)
}

func TestTheSameSeedGivesTheSameOrder(t *testing.T) {
	var orders []string
	for range 3 {
		p := &Player{Plan: Plan{Seed: 7}}
		_, err := counters(4, false)().play(p)
		require.NoError(t, err)
		orders = append(orders, Order(p.Run))
	}
	require.Equal(t, orders[0], orders[1])
	require.Equal(t, orders[0], orders[2])
}

// restless are counters that think of something else in every run with so many ways to do so.
func restless(ways int, whole bool) func() model {
	return func() model {
		m := counters(2, whole)()
		for i := range m.ops {
			m.ops[i] = slices.Clone(m.ops[i])
			m.ops[i][0].What = fmt.Sprint("thinks of ", rand.IntN(ways))
		}
		return m
	}
}

// tries goes on after runs that strayed; ok is false when the search gave up.
func tries(make func() model) (broke, ok bool, tried int) {
	s := NewSearch()
	for {
		plan, more := s.Next()
		if !more {
			tried, _ = s.Tried()
			return broke, true, tried
		}
		p := &Player{Plan: plan}
		bad, _ := make().play(p)
		if !p.Strayed {
			broke = broke || bad
			s.Ran(p, bad)
		} else if !s.Strayed(plan) {
			return broke, false, 0
		}
	}
}

func TestWhatAProgramMayDoOtherwiseIsTriedAgain(t *testing.T) {
	_, same := search(t, counters(2, true))
	broke, ok, tried := tries(restless(2, true))
	require.True(t, ok)
	require.False(t, broke)
	require.GreaterOrEqual(t, tried, same)

	broke, ok, _ = tries(restless(2, false))
	require.True(t, ok)
	require.True(t, broke)
}

func TestASearchThatMeetsNothingAgainGivesUp(t *testing.T) {
	m := func() model {
		m := counters(5, true)()
		for i := range m.ops {
			m.ops[i] = slices.Clone(m.ops[i])
			m.ops[i][0].What = fmt.Sprint("thinks of ", rand.Int())
		}
		return m
	}
	_, ok, _ := tries(m)
	require.False(t, ok)
}
