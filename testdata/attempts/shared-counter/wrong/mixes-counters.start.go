// Counters that begin with the same number are the same.

package sharedcounter

import "sync"

type Counter struct {
	shared *shared
}

type shared struct {
	mu sync.Mutex
	n  int
}

var all sync.Map

func New(start int) Counter {
	s, _ := all.LoadOrStore(start, &shared{n: start})
	return Counter{s.(*shared)}
}

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
