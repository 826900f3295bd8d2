// Stores when nobody else has stored since, by a number of versions.

package sharedcounter

import (
	"sync"
)

type Counter struct{ s *st }

type st struct {
	mu         sync.Mutex
	n, version int
}

func New(start int) Counter { return Counter{&st{n: start}} }

func (c *Counter) Update(change func(old int) int) int {
	for {
		c.s.mu.Lock()
		n, v := c.s.n, c.s.version
		c.s.mu.Unlock()
		r := change(n)
		c.s.mu.Lock()
		if c.s.version == v {
			c.s.n = r
			c.s.version++
			c.s.mu.Unlock()
			return r
		}
		c.s.mu.Unlock()
	}
}

func (c *Counter) Add(n int) int {
	return c.Update(func(o int) int { return o + n })
}

func (c *Counter) Value() int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.s.n
}
