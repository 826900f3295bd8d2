// Add is one atomic operation, which knows nothing of the lock that Update has.

package sharedcounter

import (
	"sync"
	"sync/atomic"
)

type Counter struct {
	shared *shared
}

// shared is behind a pointer, so that the copies of a Counter have one number and, above all, one lock.
type shared struct {
	mu sync.Mutex
	n  atomic.Int64
}

func New(start int) Counter {
	c := Counter{new(shared)}
	c.shared.n.Store(int64(start))
	return c
}

func (c *Counter) Update(change func(old int) int) int {
	c.shared.mu.Lock()
	defer c.shared.mu.Unlock()
	new := change(c.Value())
	c.shared.n.Store(int64(new))
	return new
}

func (c *Counter) Add(n int) int {
	return int(c.shared.n.Add(int64(n)))
}

func (c *Counter) Value() int {
	return int(c.shared.n.Load())
}
