// All counters have one number.

package sharedcounter

import "sync"

type Counter struct {
	shared *shared
}

var only shared

// shared is the number and its lock.
type shared struct {
	mu sync.Mutex
	n  int
}

func New(start int) Counter { only.n = start; return Counter{&only} }

func (c *Counter) Update(change func(old int) int) int {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	c.shared.n = change(c.shared.n)
	return c.shared.n
}

func (c *Counter) Add(n int) int {
	return c.Update(func(old int) int { return old + n })
}

func (c *Counter) Value() int {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	return c.shared.n
}
