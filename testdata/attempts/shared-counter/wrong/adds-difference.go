// Adds the difference that the change has made to the number, whatever that is by then.

package sharedcounter

import "sync/atomic"

type Counter struct{ n *atomic.Int64 }

func New(start int) Counter {
	c := Counter{new(atomic.Int64)}
	c.n.Store(int64(start))
	return c
}

func (c *Counter) Update(change func(old int) int) int {
	old := c.n.Load()
	return int(c.n.Add(int64(change(int(old))) - old))
}

func (c *Counter) Add(n int) int { return int(c.n.Add(int64(n))) }

func (c *Counter) Value() int { return int(c.n.Load()) }
