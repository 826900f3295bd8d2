package explore

import (
	"math/rand/v2"
	"slices"
)

// What PCT needs to know of a run: how long it may be, and how often the order of the processes changes in it.
const (
	turns   = 40
	changes = 2
)

// chance is the scheduler of PCT: every process has a priority, and at some turns the first one loses its own.
type chance struct {
	random   *rand.Rand
	priority map[int]float64
	changeAt []int
	lowest   float64
}

func newChance(seed uint64) *chance {
	c := &chance{random: rand.New(rand.NewPCG(seed, 0)), priority: map[int]float64{}}
	for range changes {
		c.changeAt = append(c.changeAt, c.random.IntN(turns))
	}
	return c
}

func (c *chance) next(could []int, turn int) int {
	for _, who := range could {
		if _, ok := c.priority[who]; !ok {
			c.priority[who] = c.random.Float64()
		}
	}
	first := func() int {
		return slices.MaxFunc(could, func(a, b int) int {
			if c.priority[a] < c.priority[b] {
				return -1
			}
			return 1
		})
	}
	if slices.Contains(c.changeAt, turn) {
		c.lowest--
		c.priority[first()] = c.lowest
	}
	return first()
}
