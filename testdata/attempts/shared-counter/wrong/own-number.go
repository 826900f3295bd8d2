// Every thread has a number of its own, as every process would.

package sharedcounter

import (
	"sync"
	"syscall"
)

type Counter struct {
	shared *shared
}

// shared is behind a pointer, so that the copies of a Counter have one number and, above all, one lock.
type shared struct {
	mu sync.Mutex
	n  map[int]int // by thread

	start int
}

func New(start int) Counter { return Counter{&shared{n: map[int]int{}, start: start}} }

func (c *Counter) Update(change func(old int) int) int {
	c.shared.mu.Lock()
	old, ok := c.shared.n[syscall.Gettid()]
	c.shared.mu.Unlock()
	if !ok {
		old = c.shared.start
	}
	new := change(old)
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	c.shared.n[syscall.Gettid()] = new
	return new
}

func (c *Counter) Add(n int) int {
	return c.Update(func(old int) int { return old + n })
}

func (c *Counter) Value() int {
	return c.Update(func(old int) int { return old })
}
