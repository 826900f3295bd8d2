// Every copy of the counter has the same lock and a number of its own.

package sharedcounter

import "sync"

type Counter struct {
	mu *sync.Mutex
	n  int
}

func New(start int) Counter { return Counter{new(sync.Mutex), start} }

func (c *Counter) Update(change func(old int) int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n = change(c.n)
	return c.n
}

func (c *Counter) Add(n int) int {
	return c.Update(func(old int) int { return old + n })
}

func (c *Counter) Value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}
