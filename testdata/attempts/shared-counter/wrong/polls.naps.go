// Naps until the lock is free.

package sharedcounter

import (
	"sync"
	"time"
)

type Counter struct {
	shared *shared
}

type shared struct {
	mu sync.Mutex
	n  int
}

func (s *shared) lock() {
	for !s.mu.TryLock() {
		time.Sleep(time.Millisecond)
	}
}

func New(start int) Counter { return Counter{&shared{n: start}} }

func (c *Counter) Update(change func(old int) int) int {
	c.shared.lock()
	defer c.shared.mu.Unlock()
	c.shared.n = change(c.shared.n)
	return c.shared.n
}

func (c *Counter) Add(n int) int {
	return c.Update(func(old int) int { return old + n })
}

func (c *Counter) Value() int {
	c.shared.lock()
	defer c.shared.mu.Unlock()
	return c.shared.n
}
