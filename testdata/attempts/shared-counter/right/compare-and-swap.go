// Stores only when the number is still the old one, and otherwise begins again: nobody ever waits.

package sharedcounter

import "sync/atomic"

type Counter struct{ n *atomic.Int64 }

func New(start int) Counter {
	c := Counter{new(atomic.Int64)}
	c.n.Store(int64(start))
	return c
}

func (c *Counter) Update(change func(old int) int) int {
	for {
		old := c.n.Load()
		new := change(int(old))
		if c.n.CompareAndSwap(old, int64(new)) {
			return new
		}
	}
}

func (c *Counter) Add(n int) int { return int(c.n.Add(int64(n))) }

func (c *Counter) Value() int { return int(c.n.Load()) }
